// What the rows of a table are: bare values, lists of so many, or records with these keys in this order; and of which kind each column is.

import { types } from 'node:util'

import { arrayPrototype, objectPrototype } from '../codec/primordials.ts'
import { canCompile } from '../codec/record-shape.ts'
import { columnFor, isText, joined } from './columns.ts'
import type { Column } from './columns.ts'
import { readerOf, writerOf } from './code.ts'
import type { Read, Write } from './code.ts'
import { isWhole } from './whole-list.ts'

const MOST_COLUMNS = 64
/** Units of a layout's name: it goes with every claim and every table of results. */
const LONGEST_NAME = 4096
/** Layouts that are kept with their code; beyond them all are forgotten and made anew. */
const MOST_KEPT = 256
/** So many bytes is a description a multiple of: what stands behind it is aligned. */
const ALIGNED = 8

const NO_KEYS: readonly string[] = []

const kept = new Map<string, Layout>()

export class Layout {
  /** `undefined`: the rows are bare values, of one column. None: they are lists. */
  readonly keys: readonly string[] | undefined
  readonly columns: readonly Column[]
  /** Says all of it: two with the same name are one. */
  readonly name: string
  /** Column of the last text of a row; -1 where there is none. */
  readonly lastText: number
  #write: Write | undefined
  #read: Read | undefined
  #description: readonly [Buffer, Buffer] | undefined

  constructor(name: string, keys: readonly string[] | undefined, columns: readonly Column[]) {
    this.name = name
    this.keys = keys
    this.columns = columns
    this.lastText = columns.findLastIndex(isText)
  }

  /** Bytes of a row. */
  get stride(): number {
    return this.columns.length * 8
  }

  /** Writes a value as the next row, or says that it cannot. */
  get write(): Write {
    return (this.#write ??= writerOf(this))
  }

  get read(): Read {
    return (this.#read ??= readerOf(this))
  }

  /** For whoever reads; `unit` is the number of bytes that a unit of text takes. */
  description(unit: 1 | 2): Buffer {
    return (this.#description ??= [describe(`1${this.name}`), describe(`2${this.name}`)])[unit - 1] as Buffer
  }

  /** The layout that takes this row besides all that this one takes. */
  with(value: unknown): Layout | undefined {
    const other = layoutFor(value)
    if (other === undefined || !sameKeys(this.keys, other.keys) || other.columns.length !== this.columns.length)
      return undefined
    const columns: Column[] = []
    for (const [i, column] of this.columns.entries()) {
      const both = joined(column, other.columns[i] as Column)
      if (both === undefined) return undefined
      columns.push(both)
    }
    return layoutOf(this.keys, columns)
  }
}

/** The narrowest layout that takes the value as a row; `undefined` where it is something that rows are not made of. */
export function layoutFor(value: unknown): Layout | undefined {
  if (!canCompile) return undefined
  const column = columnFor(value)
  if (column !== undefined) return layoutOf(undefined, [column])
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined
  const prototype = Object.getPrototypeOf(value) as unknown
  const isList = prototype === arrayPrototype && isWhole(value)
  if (!isList && prototype !== objectPrototype) return undefined
  const keys = Object.keys(value)
  if (keys.length > MOST_COLUMNS) return undefined
  const columns: Column[] = []
  try {
    for (const key of keys) {
      const found = columnFor((value as Record<string, unknown>)[key])
      if (found === undefined) return undefined
      columns.push(found)
    }
  } catch {
    // A getter: it is not for this way to say why.
    return undefined
  }
  if (isList) return layoutOf(NO_KEYS, columns)
  // Keys that are indices come first, whatever their order; one called `__proto__` is rare enough.
  if (keys.length === 0 || /^\d/.test(keys[0] as string) || keys.includes('__proto__')) return undefined
  const layout = layoutOf(keys, columns)
  return layout.name.length > LONGEST_NAME ? undefined : layout
}

/** What a description says. */
export interface Description {
  readonly layout: Layout
  /** Bytes that a unit of text takes. */
  readonly unit: 1 | 2
}

export function readDescription(bytes: Buffer): Description {
  const text = bytes.toString('utf8')
  const name = text.slice(1).trimEnd()
  const layout = kept.get(name) ?? parsed(name)
  return { layout, unit: text.startsWith('2') ? 2 : 1 }
}

function parsed(name: string): Layout {
  const end = name.indexOf(' ')
  const columns = [...(end === -1 ? name : name.slice(0, end))] as Column[]
  const keys = end === -1 ? undefined : (JSON.parse(name.slice(end + 1)) as string[])
  return layoutOf(keys, columns)
}

function layoutOf(keys: readonly string[] | undefined, columns: readonly Column[]): Layout {
  const kinds = columns.join('')
  const name = keys === undefined ? kinds : `${kinds} ${JSON.stringify(keys)}`
  let layout = kept.get(name)
  if (layout === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(name, (layout = new Layout(name, keys, columns)))
  }
  return layout
}

function describe(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (ALIGNED - 1), ' ')])
}

function sameKeys(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((key, i) => key === b[i])
}
