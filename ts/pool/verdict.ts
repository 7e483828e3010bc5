/** Why a worker is gone, as the bytes that the core hands to each item that was running in it, and the error made of them. */
import { OutOfMemoryError, WorkerExitError } from '../errors.ts'
import type { EverycoreError } from '../errors.ts'

export interface Verdict {
  readonly reason: 'exit' | 'memory' | 'killed' | 'error'
  readonly slot: number
  readonly code: number
  /** The error that ended the worker, in words. */
  readonly detail?: string
}

export function encodeVerdict(verdict: Verdict): Buffer {
  return Buffer.from(JSON.stringify(verdict))
}

/** `what` names the item that was running. */
export function verdictError(bytes: Buffer, what: string): EverycoreError {
  const { reason, slot, code, detail } = JSON.parse(bytes.toString()) as Verdict
  switch (reason) {
    case 'memory':
      return new OutOfMemoryError(
        `worker ${slot} ran out of memory while it ran ${what}; createPool({ resourceLimits: { maxOldGenerationSizeMb } }) gives workers more`,
      )
    case 'exit':
      return new WorkerExitError(
        `worker ${slot} exited with code ${code} while it ran ${what}; did it call process.exit?`,
        { exitCode: code },
      )
    case 'killed':
      return new WorkerExitError(
        `worker ${slot} was stopped because of another item that ran in it at the same time as ${what}`,
        { exitCode: code },
      )
    case 'error':
      return new WorkerExitError(`worker ${slot} was ended by an error while it ran ${what}: ${detail ?? 'unknown'}`, {
        exitCode: code,
      })
  }
}
