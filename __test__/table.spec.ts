// Rows as memory: what is written is read, in any order, by the code made for a layout and by the one for all.

import assert from 'node:assert'
import test from 'ava'
import * as fc from 'fast-check'

import { readByColumns } from '../dist/ts/table/code.js'
import { TableDraft } from '../dist/ts/table/draft.js'
import { layoutFor, readDescription } from '../dist/ts/table/layout.js'
import { TableReader } from '../dist/ts/table/reader.js'

function readerOver(
  { rows, text, description, shape: { stride } }: ReturnType<TableDraft['parts']>,
  count: number,
): TableReader {
  const bytes = Buffer.alloc(stride * count + text.length)
  bytes.set(rows)
  bytes.set(text, stride * count)
  return new TableReader(readDescription(description), {
    bytes,
    rows: 0,
    count,
    text: () => rows.length,
    base: () => 0,
  })
}

const kinds = {
  i: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  d: fc.double(),
  b: fc.boolean(),
  t: fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 3 })),
  g: fc.constantFrom(null, undefined),
}
const column = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]))
const cell = (kind: keyof typeof kinds, gaps: boolean): fc.Arbitrary<unknown> =>
  gaps ? fc.oneof(kinds[kind] as fc.Arbitrary<unknown>, kinds.g) : kinds[kind]
const rows = fc
  .array(fc.tuple(column, fc.boolean()), { minLength: 1, maxLength: 5 })
  .chain((columns) =>
    fc.array(fc.tuple(...columns.map(([kind, gaps]) => cell(kind, gaps))), { minLength: 1, maxLength: 100 }),
  )
  .map((list) => list.map((values) => Object.fromEntries(values.map((value, i) => [`key ${i}`, value]))))

test('rows are read as they were written, in any order', (t) => {
  fc.assert(
    fc.property(rows, fc.constantFrom('bare', 'list', 'record'), (items, form) => {
      const values = items.map((item) =>
        form === 'bare' ? item['key 0'] : form === 'list' ? Object.values(item) : item,
      )
      const draft = new TableDraft()
      let from = 0
      const check = (end: number): void => {
        const reader = readerOver(draft.parts(), draft.count)
        for (let row = draft.count - 1; row >= 0; row--) {
          t.deepEqual(reader.read(row), values[from + row])
          t.deepEqual(readByColumns(reader.layout, reader, row), values[from + row])
        }
        draft.clear()
        from = end
      }
      for (const [i, value] of values.entries()) {
        if (draft.add(value)) continue
        t.true(draft.widens)
        check(i)
        t.true(draft.add(value))
      }
      check(values.length)
    }),
  )
})

test('a column takes what it is, and gaps from the first one on', (t) => {
  const name = (...values: unknown[]): string | undefined =>
    values.slice(1).reduce<ReturnType<typeof layoutFor>>((layout, value) => layout?.with(value), layoutFor(values[0]))
      ?.name
  t.is(name(1), 'i')
  t.is(name(1, 0.5), 'd')
  t.is(name(1, -0), 'd')
  t.is(name(1, 0.5, null), 'D')
  t.is(name(undefined, 'text'), 'T')
  t.is(name(null), 'G')
  t.is(name(1, 'text'), undefined)
  t.is(name(true, 1), undefined)
  t.is(name({ a: 1, b: 'x' }, { a: 0.5, b: undefined }), 'dT ["a","b"]')
  t.is(name({ a: 1, b: 2 }, { b: 2, a: 1 }), undefined)
  t.is(name([1, 'x'], [0.5, null]), 'dT []')
  t.is(name([1], [1, 2]), undefined)
  t.is(name([1, 2], [1]), undefined)
  t.is(name([1], { a: 1 }), undefined)
  t.is(name([1], 1), undefined)
})

test('what no table takes', (t) => {
  const bare = Object.assign(Object.create(null) as object, { a: 1 })
  const wide = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i]))
  const odd = [
    {},
    [],
    { 1: 2 },
    { a: {} },
    { a: [] },
    { a: 1n },
    { a: Symbol('a') },
    new Map(),
    new Date(),
    1n,
    bare,
    wide,
    [[]],
    [1, {}],
    [1, , 3],
    Object.assign([1], { named: 1 }),
    Object.assign([1, , 3], { named: 1 }),
    new (class extends Array<number> {})(1, 2),
    new Proxy([1], {}),
    Array.from({ length: 65 }, (_, i) => i),
  ]
  for (const value of [...odd, () => 1, new Proxy({ a: 1 }, {}), JSON.parse('{"__proto__":1}'), 'x'.repeat(8193)])
    t.is(layoutFor(value), undefined)
  t.is(layoutFor({ ['k'.repeat(5000)]: 1 }), undefined)
})

test('a row that does not fit leaves no trace', (t) => {
  const draft = new TableDraft()
  t.true(draft.add({ a: 'one', b: 1 }))
  for (const other of [{ a: 'x' }, { a: 'x', b: 1, c: 2 }, { b: 1, a: 'x' }, { a: 'x', b: 'y' }, 'x', null])
    t.false(draft.add(other))
  t.true(draft.add({ a: 'two', b: 2 }))
  const reader = readerOver(draft.parts(), draft.count)
  t.deepEqual(
    [reader.read(0), reader.read(1)],
    [
      { a: 'one', b: 1 },
      { a: 'two', b: 2 },
    ],
  )
})

test('a list that is more or less than its elements is no row', (t) => {
  const draft = new TableDraft()
  t.true(draft.add([1, 'one']))
  const odd = Object.assign([1, 'x'], { named: 1 })
  const sparse = Object.assign([, 'x'], { named: 1 })
  const failing = Object.defineProperty([1, 'x'], 0, { get: () => assert.fail(), enumerable: true })
  const hidden = Object.defineProperty([1, 'x'], 0, { value: 1, enumerable: false })
  for (const other of [
    odd,
    sparse,
    failing,
    hidden,
    [1],
    [1, 'x', 2],
    ['x', 1],
    new Proxy([1, 'x'], {}),
    { 0: 1, 1: 'x' },
  ])
    t.false(draft.add(other))
  t.true(draft.add(Object.freeze([2, 'two'])))
  const reader = readerOver(draft.parts(), draft.count)
  t.deepEqual(
    [reader.read(0), reader.read(1)],
    [
      [1, 'one'],
      [2, 'two'],
    ],
  )
})

test('properties that others inherit are not taken for own ones', (t) => {
  const draft = new TableDraft()
  t.true(draft.add({ a: 1 }))
  const everything = Object.prototype as { b?: unknown }
  Object.defineProperty(everything, 'b', { value: 1, enumerable: true, configurable: true })
  t.false(draft.add({ a: 2 }))
  t.deepEqual(layoutFor({ a: 1 })?.keys, ['a'])
  t.false(layoutFor({ a: 1, b: 1 })?.write({ a: 1 }, draft))
  delete everything.b
  t.true(draft.add({ a: 2 }))
})

test('texts are cut from pieces of bounded size', (t) => {
  const draft = new TableDraft()
  const texts = Array.from({ length: 2000 }, (_, i) => 'x'.repeat(i % 90))
  for (const text of texts) t.true(draft.add(text))
  const reader = readerOver(draft.parts(), draft.count)
  for (const [i, text] of texts.entries()) {
    t.is(reader.read(i), text)
    t.true(reader.text.length <= 8192)
  }
})

test('a layout is described in full, whatever its keys are', (t) => {
  for (const key of ['', ' ', 'a b', 'π', '\ud800', '"', '\\', '\n', '\u2028'])
    for (const unit of [1, 2] as const) {
      const layout = layoutFor({ [key]: 1, other: 'text' })
      const { layout: read, unit: units } = readDescription(layout!.description(unit))
      t.deepEqual([read.keys, read.columns, units], [[key, 'other'], ['i', 't'], unit])
    }
})
