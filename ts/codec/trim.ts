// Values that travel by structured clone, without the memory that their views stand on and do not cover.
//
// Structured clone brings the whole buffer under a view: all of Node's pool under a small Buffer. So the value is laid out anew as what the clone would
// be, with views on memory of their own size. What only structured clone itself understands (errors, Blob, shared memory) is taken over as it
// is, and the buffers it stands on stay whole.

import { types } from 'node:util'
import { Cuts } from './cuts.ts'
import { bufferOf, bytesOf, isExotic, isFixedMemory, mapEntries, offsetOf, setValues } from './primordials.ts'
import { cover, survey } from './survey.ts'
import type { Region } from './survey.ts'
import { elementBytes, isBuffer, viewKind, viewOn } from './views.ts'

export interface Trimmed {
  readonly value: unknown
  /** The Buffers in it. */
  readonly buffers: readonly Buffer[]
}

/** Runs getters, once each and in the order in which structured clone would; throws what they throw. */
export function trim(value: unknown): Trimmed {
  return new Layout().lay(value)
}

class Layout {
  readonly #copies = new Map<object, unknown>()
  readonly #regions = new Map<ArrayBufferLike, Region>()
  /** Buffers under what is taken over as it is. */
  readonly #whole = new Set<ArrayBufferLike>()
  readonly #buffers: Buffer[] = []
  /** Puts views into their places once it is known what their memory is; with them the parts of maps and sets, whose order is that of putting. */
  readonly #fill: (() => void)[] = []
  readonly #cuts = new Cuts(this.#regions)
  readonly #views = new Map<ArrayBufferView, ArrayBufferView>()

  lay(value: unknown): Trimmed {
    const laid = this.#lay(value)
    for (const buffer of this.#whole) this.#regions.delete(buffer)
    for (const fill of this.#fill) fill()
    return { value: this.#final(laid), buffers: this.#buffers.map((buffer) => this.#final(buffer) as Buffer) }
  }

  // Everything but views as it will be; views as they are.
  #lay(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const known = this.#copies.get(value)
    if (known !== undefined) return known
    if (types.isProxy(value)) return value
    if (ArrayBuffer.isView(value)) return this.#layView(value)
    if (types.isMap(value)) return this.#layMap(value)
    if (types.isSet(value)) return this.#laySet(value)
    if (Array.isArray(value)) return this.#layProperties(value, Object.assign([], { length: value.length }))
    return isOpaque(value) ? this.#takeOver(value) : this.#layProperties(value, {})
  }

  #layView(view: ArrayBufferView): ArrayBufferView {
    this.#copies.set(view, view)
    if (isBuffer(view)) this.#buffers.push(view)
    const buffer = bufferOf(view)
    const kind = viewKind(view)
    if (kind === undefined || !isFixedMemory(buffer)) this.#whole.add(buffer)
    else cover(this.#regions, buffer, offsetOf(view), bytesOf(view), elementBytes(kind))
    return view
  }

  #layMap(value: Map<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(value, copy)
    const entries = mapEntries(value).map(([key, entry]) => [this.#lay(key), this.#lay(entry)] as const)
    this.#fill.push(() => {
      for (const [key, entry] of entries) copy.set(this.#final(key), this.#final(entry))
    })
    return copy
  }

  #laySet(value: Set<unknown>): Set<unknown> {
    const copy = new Set<unknown>()
    this.#copies.set(value, copy)
    const members = setValues(value).map((member) => this.#lay(member))
    this.#fill.push(() => {
      for (const member of members) copy.add(this.#final(member))
    })
    return copy
  }

  #layProperties(value: object, copy: object): object {
    this.#copies.set(value, copy)
    for (const key of Object.keys(value)) {
      // A getter before it may have taken it away.
      if (!Object.hasOwn(value, key)) continue
      const laid = this.#lay((value as Record<string, unknown>)[key])
      define(copy, key, laid)
      if (ArrayBuffer.isView(laid)) this.#fill.push(() => define(copy, key, this.#final(laid)))
    }
    return copy
  }

  #takeOver(value: object): object {
    this.#copies.set(value, value)
    const { regions, buffers } = survey(value)
    for (const buffer of regions.keys()) this.#whole.add(buffer)
    this.#buffers.push(...buffers)
    return value
  }

  #final(laid: unknown): unknown {
    if (!ArrayBuffer.isView(laid)) return laid
    const buffer = bufferOf(laid)
    if (!this.#regions.has(buffer)) return laid
    let view = this.#views.get(laid)
    if (view === undefined) {
      const { memory, from } = this.#cuts.of(buffer as ArrayBuffer)
      view = memory === buffer ? laid : viewOn(viewKind(laid)!, memory, offsetOf(laid) - from, bytesOf(laid))
      this.#views.set(laid, view)
    }
    return view
  }
}

/** What only structured clone knows how to copy; also what has no properties to lay out. */
function isOpaque(value: object): boolean {
  if (isExotic(value) || Object.keys(value).length === 0) return true
  // The last of the chain is the prototype of plain objects, of whichever realm.
  let at = Object.getPrototypeOf(value) as object | null
  while (at !== null && !types.isProxy(at) && Object.getPrototypeOf(at) !== null) {
    if (isOfNode(at)) return true
    at = Object.getPrototypeOf(at) as object | null
  }
  return false
}

const known = new WeakMap<object, boolean>()

/** Whether a class may have more to its objects than their properties: it is native, or says by methods of Node's own how they are cloned. */
function isOfNode(prototype: object): boolean {
  let is = known.get(prototype)
  if (is === undefined) {
    const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    is =
      (typeof made === 'function' && isNative(made)) ||
      Object.getOwnPropertySymbols(prototype).some((symbol) => symbol.description?.startsWith('messaging_'))
    known.set(prototype, is)
  }
  return is
}

const sourceOf = Function.prototype.toString

function isNative(fn: Function): boolean {
  return !types.isProxy(fn) && sourceOf.call(fn).endsWith('{ [native code] }')
}

function define(on: object, key: string, value: unknown): void {
  Object.defineProperty(on, key, { value, enumerable: true, writable: true, configurable: true })
}
