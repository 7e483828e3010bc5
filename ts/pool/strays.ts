/** Errors of tasks that no running item owns: told once per function as a process warning, and always by `NODE_DEBUG=everycore`. */
import { log } from './log.ts'

const told = new Set<string>()

export function reportStray(error: unknown, name: string | null, fatal: boolean, slot: number): void {
  const who = name === null ? 'a task' : `task '${name}'`
  log('stray %s of %s in worker %d: %s', fatal ? 'exception' : 'rejection', who, slot, error)
  if (told.has(who)) return
  told.add(who)
  const what = fatal ? 'threw an error after it had returned; its worker is replaced' : 'left a rejected promise behind'
  process.emitWarning(`${who} ${what}: ${describe(error)}`, { type: 'EverycoreWarning', code: 'EVERYCORE_STRAY' })
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
