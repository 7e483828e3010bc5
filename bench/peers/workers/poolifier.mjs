/** A worker as poolifier wants it. */
import { ThreadWorker } from 'poolifier'
import { functions } from '../../work/functions.mjs'

export default new ThreadWorker(functions)
