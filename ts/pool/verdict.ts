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

export function decodeVerdict(bytes: Buffer): Verdict {
  return JSON.parse(bytes.toString()) as Verdict
}

/** `did` tells what it was doing: `ran 'thumb'`. */
export function verdictError({ reason, slot, code, detail }: Verdict, did: string): EverycoreError {
  switch (reason) {
    case 'memory':
      return new OutOfMemoryError(
        `worker ${slot} ran out of memory while it ${did}; createPool({ resourceLimits: { maxOldGenerationSizeMb } }) gives workers more`,
      )
    case 'exit':
      return new WorkerExitError(`worker ${slot} exited with code ${code} while it ${did}; did it call process.exit?`, {
        exitCode: code,
      })
    case 'killed':
      return new WorkerExitError(`worker ${slot} was stopped because of another item that ran in it while it ${did}`, {
        exitCode: code,
      })
    case 'error':
      return new WorkerExitError(`worker ${slot} was ended by an error while it ${did}: ${detail ?? 'unknown'}`, {
        exitCode: code,
      })
  }
}
