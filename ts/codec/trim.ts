// Values laid out anew: as parcels without the memory that their views stand on and do not cover, and with stand-ins for what is shared; or to be
// shared themselves.
//
// Structured clone brings the whole buffer under a view: all of Node's pool under a small Buffer. So the value is laid out anew as what the clone would
// be, with views on memory of their own size. What only structured clone itself understands (errors, Blob, shared memory) is taken over as it
// is, and the buffers it stands on stay whole.

import { types } from 'node:util'
import { Cuts } from './cuts.ts'
import type { CutRules } from './cuts.ts'
import { unwrapParcel, wrapParcel } from './parcel.ts'
import {
  bufferBytes,
  bufferOf,
  bytesOf,
  clone,
  isExotic,
  isFixedMemory,
  mapEntries,
  offsetOf,
  setValues,
} from './primordials.ts'
import { cover, survey } from './survey.ts'
import type { Region } from './survey.ts'
import { elementBytes, isBuffer, viewKind, viewOn } from './views.ts'
import type { ShareNumbers } from '../share/registry.ts'

/** Where a shared object stood: under the `key` of a property, or of a map's entry; or as a member of a set or a key of a map, where `key` stands in. */
export type SharePlace = readonly [holder: object, key: unknown, number: number, as: 'property' | 'entry' | 'member']

export interface LaidOut {
  readonly value: unknown
  /** The Buffers in it. */
  readonly buffers: readonly Buffer[]
  readonly places: readonly SharePlace[]
  /** What its views stand on, where it is known; with `copied` memory of its own. */
  readonly memory: readonly ArrayBuffer[]
}

/** `shared` makes it a value to be shared: a copy in all its parts, frozen, its views on shared memory. */
export interface LayoutRules extends CutRules {
  /** Objects that do not travel themselves. */
  readonly shares?: ShareNumbers | undefined
}

/** Runs getters, once each and in the order in which structured clone would; throws what they throw. */
export function layOut(value: unknown, rules: LayoutRules = {}): LaidOut {
  return new Layout(rules).lay(value)
}

/** Stands for a shared object: in the clone it is an object that is known by its identity. */
class StandIn {
  readonly #number: number

  constructor(number: number) {
    this.#number = number
  }

  static numberOf(value: unknown): number {
    return typeof value === 'object' && value !== null && #number in value ? value.#number : 0
  }
}

class Layout {
  readonly #copies = new Map<object, unknown>()
  readonly #regions = new Map<ArrayBufferLike, Region>()
  /** Buffers under what is taken over as it is. */
  readonly #whole = new Set<ArrayBufferLike>()
  readonly #buffers: Buffer[] = []
  /** Puts views and memory into their places once it is known what their memory is; with them the parts of maps and sets, whose order is that of putting. */
  readonly #fill: (() => void)[] = []
  readonly #cuts: Cuts
  readonly #views = new Map<ArrayBufferView, ArrayBufferView>()
  readonly #places: SharePlace[] = []
  readonly #frozen: object[] = []
  readonly #rules: LayoutRules

  constructor(rules: LayoutRules) {
    this.#rules = rules
    this.#cuts = new Cuts(this.#regions, rules)
  }

  lay(value: unknown): LaidOut {
    const laid = this.#lay(value)
    for (const buffer of this.#whole) this.#regions.delete(buffer)
    for (const fill of this.#fill) fill()
    for (const object of this.#frozen) Object.freeze(object)
    const buffers = this.#buffers.map((buffer) => this.#final(buffer) as Buffer)
    const found = this.#final(laid)
    return { value: found, buffers, places: this.#places, memory: this.#cuts.memory as ArrayBuffer[] }
  }

  // Everything but views and their memory as it will be; these as they are.
  #lay(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const known = this.#copies.get(value)
    if (known !== undefined) return known
    if (types.isProxy(value)) return value
    const share = this.#rules.shares?.numberOf(value) ?? 0
    if (share !== 0) return this.#standIn(value, share)
    if (ArrayBuffer.isView(value)) return this.#layView(value)
    if (this.#rules.copied && types.isArrayBuffer(value) && isFixedMemory(value)) return this.#layMemory(value)
    if (types.isMap(value)) return this.#layMap(value)
    if (types.isSet(value)) return this.#laySet(value)
    if (Array.isArray(value)) return this.#layProperties(value, Object.assign([], { length: value.length }))
    return isOpaque(value) ? this.#takeOver(value) : this.#layProperties(value, {})
  }

  #standIn(value: object, share: number): StandIn {
    const standIn = new StandIn(share)
    this.#copies.set(value, standIn)
    return standIn
  }

  #layView(view: ArrayBufferView): unknown {
    const buffer = bufferOf(view)
    const kind = viewKind(view)
    const fixed = kind !== undefined && isFixedMemory(buffer)
    if (!fixed && this.#rules.shared && !types.isSharedArrayBuffer(buffer)) return this.#takeOver(view)
    this.#copies.set(view, view)
    if (isBuffer(view)) this.#buffers.push(view)
    if (!fixed) this.#whole.add(buffer)
    else cover(this.#regions, buffer, offsetOf(view), bytesOf(view), elementBytes(kind))
    return view
  }

  #layMemory(memory: ArrayBuffer): unknown {
    this.#copies.set(memory, memory)
    cover(this.#regions, memory, 0, bufferBytes(memory), 8)
    return memory
  }

  #layMap(value: Map<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(value, copy)
    const entries = mapEntries(value).map(([key, entry]) => [this.#lay(key), this.#lay(entry)] as const)
    this.#fill.push(() => {
      for (const [key, entry] of entries) {
        copy.set(this.#final(key), this.#final(entry))
        this.#place(copy, this.#final(key), entry, 'entry')
        this.#place(copy, key, key, 'member')
      }
    })
    return copy
  }

  #laySet(value: Set<unknown>): Set<unknown> {
    const copy = new Set<unknown>()
    this.#copies.set(value, copy)
    const members = setValues(value).map((member) => this.#lay(member))
    this.#fill.push(() => {
      for (const member of members) {
        copy.add(this.#final(member))
        this.#place(copy, member, member, 'member')
      }
    })
    return copy
  }

  #layProperties(value: object, copy: object): object {
    this.#copies.set(value, copy)
    if (this.#rules.shared) this.#frozen.push(copy)
    for (const key of Object.keys(value)) {
      // A getter before it may have taken it away.
      if (!Object.hasOwn(value, key)) continue
      const laid = this.#lay((value as Record<string, unknown>)[key])
      define(copy, key, laid)
      this.#place(copy, key, laid, 'property')
      if (ArrayBuffer.isView(laid) || types.isArrayBuffer(laid))
        this.#fill.push(() => define(copy, key, this.#final(laid)))
    }
    return copy
  }

  /** Notes where a shared object is to be put. */
  #place(holder: object, key: unknown, laid: unknown, as: SharePlace[3]): void {
    const number = StandIn.numberOf(laid)
    if (number !== 0) this.#places.push([holder, key, number, as])
  }

  #takeOver(value: object): object {
    if (this.#rules.shared) {
      const copy = unwrapParcel(clone(wrapParcel(value))) as object
      this.#copies.set(value, copy)
      return copy
    }
    this.#copies.set(value, value)
    const { regions, buffers } = survey(value)
    for (const buffer of regions.keys()) this.#whole.add(buffer)
    this.#buffers.push(...buffers)
    return value
  }

  #final(laid: unknown): unknown {
    if (types.isArrayBuffer(laid)) return this.#regions.has(laid) ? this.#cuts.of(laid).memory : laid
    if (!ArrayBuffer.isView(laid)) return laid
    const buffer = bufferOf(laid)
    if (!this.#regions.has(buffer)) return laid
    let view = this.#views.get(laid)
    if (view === undefined) {
      const { memory, from } = this.#cuts.of(buffer as ArrayBuffer)
      // A view is laid over shared memory as over any other.
      view =
        memory === buffer ? laid : viewOn(viewKind(laid)!, memory as ArrayBuffer, offsetOf(laid) - from, bytesOf(laid))
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

export function define(on: object, key: string, value: unknown): void {
  Object.defineProperty(on, key, { value, enumerable: true, writable: true, configurable: true })
}
