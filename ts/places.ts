/**
 * Where the built package has its files.
 *
 * All code stands in one of them, `dist/everycore.js`, which a worker loads in a third of the time that a hundred take; `scripts/bundle.mjs` makes it.
 * The modules themselves stand in `dist/ts` for our unit tests, and start the same workers; they are not published.
 */
import { basename, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

const CODE = 'everycore.js'
const isBuilt = basename(__filename) === CODE
const isModule = basename(__filename) === 'places.js'
const DIST = isModule ? join(__dirname, '..') : __dirname

/** What a worker thread runs. */
export const WORKER_FILE: string = join(DIST, 'worker.js')

/** Holds every function of ours that workers import. */
export const CODE_FILE: string = join(DIST, CODE)

/** What stands in the frames of our own code; bundled into a user's file there is no telling them from the user's. */
export const OWN_PLACES: readonly string[] =
  isBuilt || isModule ? [DIST + sep, `${pathToFileURL(DIST).href}/`, join(DIST, '..', 'binding.cjs')] : []
