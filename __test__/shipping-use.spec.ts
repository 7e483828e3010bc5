// Functions in `use` ship by the same rules, at any depth; everything else stays as it is.
/* oxlint-disable typescript/no-extraneous-class -- the odd things are the point */
import test from 'ava'
import { assembleUse, shipUse } from '../dist/ts/shipping/use.js'
import { main } from './fixtures/shipping.ts'

/** To a worker and back: the value by structured clone, the functions as JSON. */
function cross<T>(use: T): T {
  const { value, functions } = shipUse(use)
  return assembleUse({ value: structuredClone(value), functions: JSON.parse(JSON.stringify(functions)) }, main) as T
}

test('functions at any depth', async (t) => {
  const use = cross({
    factor: 2,
    scale: (x: number) => x * 2,
    steps: [
      (x: number) => x + 1,
      {
        last: function last(x: number) {
          return x - 1
        },
      },
    ],
    deep: { er: { parse: JSON.parse, load: async () => (await import('node:path')).sep } },
    'odd key': { '0': Math.sqrt },
    nothing: null,
    when: new Date(5),
    bytes: new Uint8Array([1, 2]),
  })
  t.is(use.factor, 2)
  t.is(use.scale(4), 8)
  t.is((use.steps[0] as (x: number) => number)(1), 2)
  t.is((use.steps[1] as { last: (x: number) => number }).last(1), 0)
  t.deepEqual(use.deep.er.parse('[1]'), [1])
  t.is(await use.deep.er.load(), (await import('node:path')).sep)
  t.is(use['odd key'][0](9), 3)
  t.deepEqual([use.nothing, use.when, use.bytes], [null, new Date(5), new Uint8Array([1, 2])])
  t.deepEqual(Object.keys(use), ['factor', 'scale', 'steps', 'deep', 'odd key', 'nothing', 'when', 'bytes'])
  t.is(use.scale.name, 'scale')
})

test('nothing to do without functions: the very same value', (t) => {
  for (const use of [{ a: 1, b: [{ c: new Map() }] }, [], 1, 'x', null, undefined, new Map([['a', () => 1]])]) {
    const sent = shipUse(use)
    t.is(sent.value, use)
    t.is(sent.functions.length, 0)
  }
})

test('only what leads to a function is copied, and the original is left alone', (t) => {
  const table = { rows: [1, 2] }
  const use = { table, tools: { f: () => 1, table } }
  const { value } = shipUse(use) as { value: typeof use }
  t.not(value, use)
  t.is(value.table, table)
  t.is(value.tools.table, table)
  t.is(value.tools.f, null as never)
  t.is(use.tools.f(), 1)
})

test('cycles, shared objects and shared functions stay so', (t) => {
  const twice = (x: number): number => x * 2
  const shared = { twice }
  const use: Record<string, any> = { a: shared, b: [shared, twice], c: { list: [1] } }
  use['self'] = use
  use['c'].up = use
  const there = cross(use)
  t.is(there['self'], there)
  t.is(there['c'].up, there)
  t.is(there['a'], there['b'][0])
  t.is(there['a'].twice, there['b'][1])
  t.is(there['a'].twice(4), 8)
})

test('functions that are alike but not the same stay apart', (t) => {
  const [f, g] = [1, 2].map(() => () => 1)
  const there = cross({ f, g })
  t.not(there.f, there.g)
})

test('what a call leaves on its functions is not there for the next one', (t) => {
  const count = (): number => 1
  const [first, second] = [cross({ count }), cross({ count })]
  Object.assign(first.count, { seen: 5 })
  t.not(first.count, second.count)
  t.deepEqual(Object.keys(second.count), [])
})

test('errors say where the function stands', (t) => {
  const outer = 1
  const table: [use: object, where: RegExp][] = [
    [{ scale: () => outer }, /^`use\.scale` cannot run in a worker: it uses `outer`/],
    [{ steps: [1, { go: () => outer }] }, /^`use\.steps\[1\]\.go` cannot/],
    [{ 'a b': { '1': () => outer } }, /^`use\["a b"\]\["1"\]` cannot/],
    [
      {
        m() {
          return 1
        },
      },
      /^`use\.m` cannot run in a worker: it is a method/,
    ],
    [{ A: class {} }, /^`use\.A` cannot run in a worker: it is a class/],
  ]
  for (const [use, where] of table) t.regex(t.throws(() => shipUse(use), { code: 'ERR_CAPTURE' }).message, where)
})

test('odd containers', (t) => {
  const sparse: any[] = [, () => 1, , 2]
  const there = cross({ sparse, bare: Object.assign(Object.create(null), { f: () => 3 }) })
  t.deepEqual(Object.keys(there.sparse), ['1', '3'])
  t.is(there.sparse.length, 4)
  t.is(there.bare.f(), 3)
  const proto = cross(
    JSON.parse('{"__proto__": {"x": 1}}', (key, value) =>
      key === '__proto__' ? Object.assign(value, { f: () => 4 }) : value,
    ),
  )
  t.is(Object.getOwnPropertyDescriptor(proto, '__proto__')!.value.f(), 4)
  t.is(({} as any).f, undefined)
})

test('a getter is not run to look for functions', (t) => {
  let runs = 0
  shipUse({
    get lazy() {
      runs++
      return () => 1
    },
  })
  t.is(runs, 0)
})

test('depth is no limit', (t) => {
  let use: Record<string, unknown> = { f: () => 1 }
  for (let i = 0; i < 100_000; i++) use = { use }
  const { functions } = shipUse(use)
  t.is(functions[0]!.paths[0]!.length, 100_001)
})

test('others can decide how a function ships', (t) => {
  const special = (): number => 1
  const { value, functions } = shipUse({ special }, (fn, label) => ({ special: fn === special, label }))
  t.deepEqual(functions, [{ shipment: { special: true, label: 'use.special' }, name: 'special', paths: [['special']] }])
  const there = assembleUse({ value, functions }, main, (shipment, name) => [shipment.label, name]) as {
    special: unknown
  }
  t.deepEqual(there.special, ['use.special', 'special'])
})
