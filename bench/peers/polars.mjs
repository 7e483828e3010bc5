/** nodejs-polars, where it is installed: it is large, so whoever wants the comparison installs it beside the rest. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

function load() {
  try {
    return { polars: require('nodejs-polars'), version: require('nodejs-polars/package.json').version }
  } catch {
    return undefined
  }
}

const loaded = load()

/** Its version; `undefined` where it is not there. */
export const polarsVersion = loaded?.version

/** The contenders that `make` makes of it; none where it is not there. */
export const withPolars = (make) => (loaded === undefined ? {} : make(loaded.polars))
