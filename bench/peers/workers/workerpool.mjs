/** A worker as workerpool wants it. */
import workerpool from 'workerpool'
import { functions } from '../../work/functions.mjs'

workerpool.worker(functions)
