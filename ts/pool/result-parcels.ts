/** Results that bytes could not carry: posted before their record is committed, so almost always here first; a relayed one may come later. */
import { unwrapParcel } from '../codec/parcel.ts'

type Taker = (value: unknown) => void

export class ResultParcels {
  readonly #here = new Map<number, Map<number, unknown>>()
  readonly #awaited = new Map<number, Map<number, Taker>>()

  /** A posted result has arrived. */
  put(job: number, index: number, posted: unknown): void {
    const taker = this.#awaited.get(job)?.get(index)
    if (taker === undefined) {
      within(this.#here, job).set(index, posted)
      return
    }
    this.#awaited.get(job)?.delete(index)
    taker(unwrapParcel(posted))
  }

  has(job: number, index: number): boolean {
    return this.#here.get(job)?.has(index) === true
  }

  /** Calls `taker` with the result, now or when it arrives. */
  take(job: number, index: number, taker: Taker): void {
    const here = this.#here.get(job)
    if (here === undefined || !here.has(index)) {
      within(this.#awaited, job).set(index, taker)
      return
    }
    const posted = here.get(index)
    here.delete(index)
    taker(unwrapParcel(posted))
  }

  /** The job has settled. */
  forget(job: number): void {
    this.#here.delete(job)
    this.#awaited.delete(job)
  }
}

function within<T>(map: Map<number, Map<number, T>>, job: number): Map<number, T> {
  let inner = map.get(job)
  if (inner === undefined) map.set(job, (inner = new Map()))
  return inner
}
