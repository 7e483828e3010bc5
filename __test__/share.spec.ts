// `share`: a value that crosses to each worker once and is the same object there in all calls.

import test from 'ava'

import { createPool, parMap, par, run, share, workerModule, type Context } from 'everycore'
import { resultOf } from './fixtures/process.ts'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

const tasks = workerModule<{
  remember: (value: unknown) => boolean
  nested: (value: unknown, ctx?: Context) => Promise<unknown>
  reshare: () => Promise<unknown>
  made: (count: number) => Promise<number[]>
}>(new URL('./fixtures/share.mjs', import.meta.url))

test('it has the type and the contents of the value, and is a copy', (t) => {
  const made = {
    when: new Date(5),
    rows: [{ a: 1 }],
    by: new Map([['k', { v: [1n] }]]),
    tags: new Set(['x']),
    word: /a/g,
  }
  const shared = share(made)
  t.deepEqual(shared, made)
  t.not(shared, made)
  t.not(shared.rows, made.rows)
  t.not(shared.when, made.when)
  made.rows[0]!.a = 2
  t.is(shared.rows[0]!.a, 1)
  for (const frozen of [shared, shared.rows, shared.rows[0], shared.by.get('k')]) t.true(Object.isFrozen(frozen))
  t.is(share(shared), shared, 'once')
})

test('identities within it are kept', (t) => {
  const inner = { x: 1 }
  const made: Record<string, unknown> = { inner, again: [inner] }
  made['self'] = made
  const shared = share(made) as { inner: object; again: object[]; self: object }
  t.is(shared.self, shared)
  t.is(shared.again[0], shared.inner)
})

test('primitives are given back', (t) => {
  for (const primitive of ['text', 5, -0, 5n, true, null, undefined, NaN]) t.is(share(primitive), primitive)
})

test('typed arrays are put on shared memory once, views on one buffer on one', (t) => {
  const numbers = new Float64Array([1, 2, 3, 4])
  const shared = share(numbers)
  t.true(shared instanceof Float64Array)
  t.true((shared.buffer as unknown) instanceof SharedArrayBuffer)
  t.deepEqual([...shared], [1, 2, 3, 4])
  const buffer = Buffer.from('some bytes')
  const inside = share({
    part: numbers.subarray(1, 3),
    all: numbers,
    bytes: buffer,
    view: new DataView(new ArrayBuffer(4)),
  })
  t.is(inside.part.buffer, inside.all.buffer)
  t.is(inside.part.byteOffset, 8)
  t.true(Buffer.isBuffer(inside.bytes))
  t.is(String(inside.bytes), 'some bytes')
  t.is(inside.bytes.buffer.byteLength, 10, 'its own bytes only')
  t.true((inside.view.buffer as unknown) instanceof SharedArrayBuffer)
  inside.all[1] = 20
  t.is(inside.part[0], 20)
  t.is(numbers[1], 2, 'not the memory that was given')
  const there = new Int32Array(new SharedArrayBuffer(8))
  t.is(share({ there }).there.buffer, there.buffer, 'shared memory is shared already')
})

test('every thread sees one memory', async (t) => {
  const counts = share(new Int32Array(1))
  await parMap(Array.from({ length: 100 }), (_, _i, { use }) => Atomics.add(use.counts, 0, 1), {
    use: { counts },
    chunk: 1,
  })
  t.is(counts[0], 100)
})

test('as an argument, among arguments, inside them, in items and in use: one object, frozen', async (t) => {
  await using pool = createPool({ workers: 1 })
  const table = share({ rows: [1, 2] })
  const same = (value: { rows: number[] }): string => {
    const seen = ((globalThis as Record<string, unknown>)['seen'] ??= value)
    return `${seen === value} ${Object.isFrozen(value)} ${Object.isFrozen(value.rows)} ${value.rows.join()}`
  }
  const fine = 'true true true 1,2'
  t.is(await pool.run(same, [table]), fine)
  t.is(await pool.run(same, [table]), fine)
  t.is(await pool.run(same, [table], { priority: 'high' }), fine)
  const inside = (value: { table: { rows: number[] } }, ctx: Context<{ same: typeof same }>): string =>
    ctx.use.same(value.table)
  t.is(await pool.run(inside, [{ table }], { use: { same } }), fine)
  t.deepEqual(
    await pool.parMap([table, table], (item, _i, { use }) => `${use.same(item)} ${item === use.table}`, {
      use: { same, table },
    }),
    [`${fine} true`, `${fine} true`],
  )
  t.is(await pool.run((...all: unknown[]) => all.every((one) => one === all[0]), [table, table, table]), true)
})

test('wherever it stands: beside shared memory, in maps and sets, under keys of all kinds', async (t) => {
  await using pool = createPool({ workers: 1 })
  const table = share({ rows: [1] })
  const other = share([2])
  const memory = new SharedArrayBuffer(8)
  const cycle: Record<string, unknown> = { table }
  cycle['self'] = cycle
  const value = {
    memory,
    map: new Map<unknown, unknown>([
      ['a', 0],
      ['t', table],
      [table, 'key'],
      [other, table],
      ['z', 1],
    ]),
    set: new Set<unknown>([1, table, 2, other]),
    ['__proto__']: table,
    deep: [[{ table }]],
    cycle,
    error: new Error('plain', { cause: 'x' }),
  }
  Object.defineProperty(value, '__proto__', { value: table, enumerable: true })
  const told = await pool.run(
    (it: typeof value, first: unknown, second: unknown) => {
      const entries = [...it.map]
      return [
        it.map.get('t') === first,
        it.map.get(first) === 'key',
        it.map.get(second) === first,
        entries.map(([key]) => (typeof key === 'string' ? key : 'o')).join(''),
        [...it.set].indexOf(first) === 1 && [...it.set].indexOf(second) === 3 && it.set.size === 4,
        Object.getOwnPropertyDescriptor(it, '__proto__')?.value === first,
        it.deep[0]![0]!.table === first,
        (it.cycle['self'] as typeof it.cycle) === it.cycle && it.cycle['table'] === first,
        it.memory.byteLength,
        it.error.message,
      ]
    },
    [value, table, other],
  )
  t.deepEqual(told, [true, true, true, 'atooz', true, true, true, true, 8, 'plain'])
  t.is([...value.map][1]![1], table, 'what was given is untouched')
})

test('it crosses once for each worker, however many calls there are', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  let crossings = 0
  const counted = Object.defineProperty({ rows: [1] }, 'n', { enumerable: true, get: () => ++crossings }) as {
    rows: number[]
    n: number
  }
  const table = share(counted)
  t.is(crossings, 1, 'a getter runs once, at share')
  const seen = await Promise.all(
    Array.from({ length: 200 }, () =>
      pool.run(
        (value: { n: number }) => {
          const known = ((globalThis as unknown as { known: Set<object> }).known ??= new Set())
          known.add(value)
          return known.size
        },
        [table],
      ),
    ),
  )
  t.deepEqual(new Set(seen), new Set([1]))
})

test('workers that start later have it too', async (t) => {
  await using pool = createPool({ workers: 1 })
  const table = share({ rows: [1, 2, 3] })
  t.is(await pool.run((value: { rows: number[] }) => value.rows.length, [table]), 3)
  await pool.run(() => process.exit(1)).settled()
  t.is(await pool.run((value: { rows: number[] }) => value.rows.length, [table]), 3)
})

test('in every pool, and in each for itself', async (t) => {
  await using one = createPool({ workers: 1 })
  await using two = createPool({ workers: 1 })
  const table = share([1, 2])
  const sum = (value: number[]): number => value.reduce((a, b) => a + b, 0)
  t.deepEqual(await Promise.all([one.run(sum, [table]), two.run(sum, [table]), run(sum, [table])]), [3, 3, 3])
})

test('large: a table in use is not copied for each call', async (t) => {
  await using pool = createPool({ workers: 1 })
  const big = share({
    table: new Float64Array(1 << 20).fill(1),
    rows: Array.from({ length: 1000 }, (_, id) => ({ id })),
  })
  for (let i = 0; i < 50; i++) {
    const [length] = await pool.parMap([i], (x, _i, { use }) => use.big.table[x]! + use.big.rows[x]!.id, {
      use: { big },
    })
    t.is(length, 1 + i)
  }
})

test('on the caller it is itself, in the sequential mode too', async (t) => {
  const table = share({ rows: [1] })
  const memory = new SharedArrayBuffer(4)
  t.true(await run(async (value) => value === table, [table]))
  await par([(value: object) => t.is(value, table)], [table])
  const [here] = await parMap(
    [{ table, memory }],
    ({ table: inside }, _i, { use }) => inside === use.table && Object.isFrozen(inside),
    {
      use: { table },
      concurrency: 0,
    },
  )
  t.true(here)
})

test('in a call that moves buffers', async (t) => {
  await using pool = createPool({ workers: 1 })
  const table = share({ rows: [1] })
  const moved = new ArrayBuffer(16)
  const told = await pool.run(
    (first: object, value: { table: object; moved: ArrayBuffer }) => [first === value.table, value.moved.byteLength],
    [table, { table, moved }],
    { transfer: [moved] },
  )
  t.deepEqual(told, [true, 16])
  t.is(moved.byteLength, 0)
})

test('results are copies', async (t) => {
  await using pool = createPool({ workers: 1 })
  const table = share({ rows: [1], numbers: new Float64Array([5]) })
  const back = await pool.run((value: { rows: number[]; numbers: Float64Array }) => value, [table])
  t.deepEqual(back, table)
  t.false(Object.isFrozen(back))
  back.numbers[0] = 6
  t.is(table.numbers[0], 6, 'on the same memory')
})

test('tasks pass on what they got, and share themselves', async (t) => {
  await using pool = createPool({ workers: 2 })
  const table = share({ rows: [1, 2] })
  t.deepEqual(await pool.run(tasks.nested, [table]), { frozen: true, same: [true, true, true], sum: 3 })
  t.deepEqual(await pool.run(tasks.reshare), { frozen: [true, true, true, true], sums: [6, 6, 6, 6] })
})

test('a worker that dies takes what its tasks have shared with it, and nothing else', async (t) => {
  await using pool = createPool({ workers: 2 })
  const table = share({ rows: [1, 2] })
  const dies = (x: number, ctx: Context<{ table: object }>): number => {
    if (x === 1) process.exit(1)
    return (ctx.use.table as { rows: number[] }).rows.length
  }
  for (let i = 0; i < 5; i++) {
    t.deepEqual(
      (await Promise.allSettled([0, 1, 0].map((x) => pool.run(dies, [x], { use: { table } })))).map(
        ({ status }) => status,
      ),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
  }
  t.deepEqual(await pool.run(tasks.nested, [table]), { frozen: true, same: [true, true, true], sum: 3 })
})

test('retries read it again', async (t) => {
  const table = share({ rows: [1, 2] })
  const rows = await parMap(
    [table],
    (item, _i, ctx) => {
      if (ctx.attempt < 3) throw new Error('again')
      return item.rows.length
    },
    { retries: 3 },
  )
  t.deepEqual(rows, [2])
})

test('what cannot cross is refused at once, with the path', (t) => {
  const table = { rows: [{ callback() {} }] }
  t.throws(() => share(table), { code: 'ERR_NOT_CLONEABLE', message: /^value\.rows\[0\]\.callback cannot be cloned/ })
  t.throws(() => share(() => 1), { code: 'ERR_NOT_CLONEABLE' })
  t.throws(() => share(Symbol('x')), { code: 'ERR_NOT_CLONEABLE' })
  t.throws(() => share(new WeakMap()), { code: 'ERR_NOT_CLONEABLE' })
  t.throws(() => share(new Proxy({}, {})), { code: 'ERR_NOT_CLONEABLE' })
  const getter = {
    get bad(): never {
      throw new RangeError('no')
    },
  }
  t.throws(() => share(getter), { code: 'ERR_NOT_CLONEABLE' })
  let deep: object = {}
  for (let i = 0; i < 2000; i++) deep = { deep }
  t.throws(() => share(deep), { code: 'ERR_NOT_CLONEABLE', message: /nested deeper/ })
})

test('it lives until collected: here, in the store for later workers, and in the workers', async (t) => {
  const [here, there, works] = (await resultOf('', {
    args: [
      '--expose-gc',
      '--input-type=module',
      '-e',
      `
      import { createPool, share } from 'everycore'
      const pool = createPool({ workers: 1 })
      const note = (value) => {
        const refs = (globalThis.refs ??= [])
        refs.push(new WeakRef(value))
        return refs.length
      }
      const refs = []
      for (let i = 0; i < 50; i++) {
        const value = share({ table: new Array(1000).fill(i) })
        refs.push(new WeakRef(value))
        // Nothing holds it but the call.
        await pool.run(note, [value])
        await pool.parMap([1], (x, i, { use }) => use.value[0], { use: { value: share([i]) } })
      }
      const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
      let alive, there
      for (let i = 0; i < 50; i++) {
        gc()
        await turn()
        alive = refs.filter((ref) => ref.deref()).length
        there = await pool.run(() => { gc(); return globalThis.refs.filter((ref) => ref.deref()).length })
        if (alive + there <= 4) break
      }
      const works = await pool.run((value) => value.table, [share({ table: 7 })])
      await pool.close()
      console.log(JSON.stringify([alive, there, works]))`,
    ],
  })) as [number, number, number]
  // The last one may still be in a register.
  t.true(here <= 2, `${here} of 50 are held here`)
  t.true(there <= 2, `${there} of 50 are held in the worker`)
  t.is(works, 7)
})

test('a call holds what goes with it', async (t) => {
  const sums = await resultOf('', {
    args: [
      '--expose-gc',
      '--input-type=module',
      '-e',
      `
      import { createPool, share } from 'everycore'
      const pool = createPool({ workers: 1 })
      const gate = new Int32Array(new SharedArrayBuffer(4))
      const held = pool.run((x, { use }) => void Atomics.wait(use.gate, 0, 0), [0], { use: { gate } })
      const sum = (value) => value.reduce((a, b) => a + b, 0)
      const jobs = [
        pool.run(sum, [share([1, 2])]),
        pool.run(sum, [share([3, 4])], { priority: 'low' }),
        pool.parMap([share([5, 6])], sum),
        pool.parMap([0], (x, i, { use }) => use.values[1], { use: { values: share([7, 8]) } }),
      ]
      for (let i = 0; i < 10; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)) }
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
      console.log(JSON.stringify(await Promise.all(jobs)))
      await pool.close()`,
    ],
  })
  t.deepEqual(sums, [3, 7, [11], [8]])
})
