/** The process's main module: what `import` and `require` inside a shipped function are resolved from. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/** Its absolute path; undefined where there is none, as in the REPL or `node -e`. */
export function mainModule(): string | undefined {
  const main = require.main?.filename ?? process.argv[1]
  if (main === undefined) return undefined
  try {
    return realpathSync(main)
  } catch {
    // Started as `node script`, without the extension: only the folder matters.
    return resolve(main)
  }
}
