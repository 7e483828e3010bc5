// Where items come from: arrays by index, other iterables by their iterator, async ones (streams among them) by promised steps.

import type { ReadableStream } from 'node:stream/web'
import { types } from 'node:util'

import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { AsyncIteratorSource, IteratorSource, StreamSource } from './iterator-source.ts'
import { openList } from './list-source.ts'
import type { Source } from './source.ts'

const arrayIterator = Array.prototype[Symbol.iterator]

/**
 * Opens anything that `parMap` accepts.
 * @throws OptionError for what is not iterable, or whatever the items' own iterator method throws.
 */
export function openSource(owner: string, items: unknown): Source {
  const given = items as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
  if (typeof given !== 'string' && (given === null || (typeof given !== 'object' && typeof given !== 'function')))
    refuse(owner, items)
  if (typeof (given as Partial<ReadableStream>).getReader === 'function')
    return new StreamSource(given as unknown as ReadableStream)
  if (given[Symbol.asyncIterator] != null) return new AsyncIteratorSource(given as AsyncIterable<unknown>)
  const method = given[Symbol.iterator]
  if (method == null) refuse(owner, items)
  if (types.isTypedArray(items) || (Array.isArray(items) && (method as unknown) === arrayIterator))
    return openList(items as ArrayLike<unknown>)
  return new IteratorSource(given as Iterable<unknown>)
}

function refuse(owner: string, items: unknown): never {
  const hint = types.isPromise(items) ? ': await it first' : ''
  throw new OptionError(
    `${owner}: items must be an iterable, an async iterable or a stream, got ${describe(items)}${hint}`,
  )
}
