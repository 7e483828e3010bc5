// Items by the batch: a source of arrays over any other source.

import { end, type Source, type SyncSource } from '../map/source.ts'
import { AsyncBatches } from './async-batches.ts'
import { settled } from './settled.ts'

export interface Batching {
  /** Items of a full batch. */
  readonly size: number
  /** Ms after which what has come is given as a batch; `undefined` for never. */
  readonly every: number | undefined
}

/** Told the size of every batch that is given. */
export type OnBatch = (items: number) => void

/** A source whose items are arrays; where promises are among the items, promises of arrays. */
export function batchesOf(source: Source, { size, every }: Batching, onBatch: OnBatch): Source {
  return source.sync ? syncBatches(source, size, onBatch) : new AsyncBatches(source, size, every, onBatch)
}

// A sync source has no time between its items, so here only the size counts.
function syncBatches(source: SyncSource, size: number, onBatch: OnBatch): SyncSource {
  let over = false
  let broken: { readonly error: unknown } | undefined
  return {
    sync: true,
    get total() {
      return source.total === undefined ? undefined : Math.ceil(source.total / size)
    },
    next: () => {
      if (broken !== undefined) throw broken.error
      const batch: unknown[] = []
      while (!over && batch.length < size) {
        let item: unknown
        try {
          item = source.next()
        } catch (error) {
          over = true
          // What was there before comes first.
          if (batch.length === 0) throw error
          broken = { error }
          break
        }
        if (item === end) over = true
        else batch.push(item)
      }
      if (batch.length === 0) return end
      onBatch(batch.length)
      return settled(batch)
    },
    close: () => {
      if (over) return
      over = true
      source.close()
    },
  }
}
