/** Results that bytes could not carry: posted before their record is committed, so almost always here first; a relayed one may come later. */
import { unwrapParcel } from '../codec/parcel.ts'

interface Posted {
  readonly value: unknown
  /** Of the memory that was handed over with it. */
  readonly bytes: number
}

type Taker = (value: unknown, bytes: number) => void

export class ResultParcels {
  readonly #here = new Map<number, Map<number, Posted>>()
  readonly #awaited = new Map<number, Map<number, Taker>>()

  /** A posted result has arrived. */
  put(job: number, index: number, value: unknown, bytes: number): void {
    const taker = this.#awaited.get(job)?.get(index)
    if (taker === undefined) {
      within(this.#here, job).set(index, { value, bytes })
      return
    }
    this.#awaited.get(job)?.delete(index)
    taker(unwrapParcel(value), bytes)
  }

  has(job: number, index: number): boolean {
    return this.#here.get(job)?.has(index) === true
  }

  /** Calls `taker` with the result, now or when it arrives. */
  take(job: number, index: number, taker: Taker): void {
    const here = this.#here.get(job)
    const posted = here?.get(index)
    if (here === undefined || posted === undefined) {
      within(this.#awaited, job).set(index, taker)
      return
    }
    here.delete(index)
    taker(unwrapParcel(posted.value), posted.bytes)
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
