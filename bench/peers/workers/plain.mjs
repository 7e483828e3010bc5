/** A worker without any library: what its thread and its isolate cost alone. */
import { parentPort } from 'node:worker_threads'
import { functions } from '../../work/functions.mjs'

parentPort.on('message', ({ name, item }) => parentPort.postMessage(functions[name](item)))
