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

export function verdictError(bytes: Buffer): EverycoreError {
  const { reason, slot, code, detail } = JSON.parse(bytes.toString()) as Verdict
  if (reason === 'memory') {
    return new OutOfMemoryError(
      `worker ${slot} ran out of memory while it ran this item; give it more with createPool({ resourceLimits: { maxOldGenerationSizeMb } })`,
    )
  }
  const why = {
    exit: `worker ${slot} exited with code ${code} while it ran this item (did it call process.exit?)`,
    killed: `worker ${slot} was stopped because of another item that ran in it at the same time`,
    error: `worker ${slot} was ended by an error while it ran this item: ${detail ?? 'unknown'}`,
  }[reason]
  return new WorkerExitError(why, { exitCode: code })
}
