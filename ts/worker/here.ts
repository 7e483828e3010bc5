/** Whether this thread is one of our workers, and then its desk. Set by the worker's entry before any task is loaded. */
import type { Desk } from './desk.ts'

let desk: Desk | undefined

export function beWorker(here: Desk): void {
  desk = here
}

export function deskHere(): Desk | undefined {
  return desk
}
