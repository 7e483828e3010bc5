/** Whether this thread is one of our workers, and then its desk. Set by the worker's entry before any task is loaded. */
import type { Desk } from './desk.ts'

let desk: Desk | undefined

/** Tells a module where it is: `true` in a worker of everycore, where tasks run, `false` everywhere else. */
export let isWorker: boolean = false

export function beWorker(here: Desk): void {
  desk = here
  isWorker = true
}

export function deskHere(): Desk | undefined {
  return desk
}
