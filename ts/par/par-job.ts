/** What `par` returns: a job that need not be awaited. Who looks at its outcome gets the rejection; if nobody does, a failure is a warning. */
import { Job } from '../job.ts'
import type { JobControl, Settle } from '../job.ts'

/** One outcome per function; what it returned is not kept. */
export type ParOutcomes = PromiseSettledResult<void>[]

const then = Promise.prototype.then
const ignore = (): void => {}

export class ParJob extends Job<void, ParOutcomes> {
  #watched = false

  /** Its own constructor, not `Promise` as of other jobs: so that `await` and `Promise.all` call `then`, and nobody looks unseen. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  /** Whether anybody has asked for the outcome. */
  static isWatched(job: ParJob): boolean {
    return job.#watched
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise
  override then<A = void, B = never>(
    onValue?: ((value: void) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#watched = true
    return super.then(onValue, onError)
  }

  override cancel(reason?: unknown): void {
    this.#watched = true
    super.cancel(reason)
  }

  override settled(): Promise<ParOutcomes> {
    this.#watched = true
    return super.settled()
  }
}

/** A pending job and the two functions that settle it. Its rejection is never an unhandled one. */
export function startParJob(control: JobControl): { job: ParJob } & Settle<void> {
  let settle: Settle<void> | undefined
  const job = new ParJob(control, (resolve, reject) => (settle = { resolve, reject }))
  then.call(job, undefined, ignore)
  return { job, ...(settle as unknown as Settle<void>) }
}

/** Once what follows the rejection has had its turn: tells of a failure that nobody has asked for. */
export function tellUnwatched(job: ParJob, reason: unknown): void {
  setImmediate(() => {
    if (ParJob.isWatched(job)) return
    process.emitWarning(`par of '${job.name}' failed, and nothing awaits it: ${describe(reason)}`, {
      type: 'EverycoreWarning',
      code: 'EVERYCORE_PAR',
    })
  })
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? String(reason)) : String(reason)
}
