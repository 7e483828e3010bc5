/**
 * Where the built package has its files, which `scripts/bundle.mjs` makes.
 *
 * `worker.js` is what a worker's thread runs, `everycore.js` the caller's side, `base.js` what both need. The modules themselves stand in `dist/ts` for
 * our unit tests, and start the same workers; they are not published.
 */
import { basename, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

const isBuilt = basename(__filename) === 'base.js'
const isModule = basename(__filename) === 'places.js'
const DIST = isModule ? join(__dirname, '..') : __dirname

/** What a worker's thread runs; those functions of ours that workers import are its exports. */
export const WORKER_FILE: string = join(DIST, 'worker.js')

/** What stands in the frames of our own code; bundled into a user's file there is no telling them from the user's. */
export const OWN_PLACES: readonly string[] =
  isBuilt || isModule ? [DIST + sep, `${pathToFileURL(DIST).href}/`, join(DIST, '..', 'binding.cjs')] : []
