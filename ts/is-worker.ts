/** Tells a module where it is: `true` in a worker of everycore, where tasks run, `false` everywhere else. */
import { deskHere } from './worker/here.ts'

export const isWorker: boolean = deskHere() !== undefined
