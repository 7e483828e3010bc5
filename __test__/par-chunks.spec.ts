// Disjoint views of a typed array: in place where memory is shared, copies elsewhere.

import test from 'ava'

import { createPool, parChunks } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

test('in place on shared memory', async (t) => {
  await using pool = createPool({ workers: 2 })
  const array = new Float64Array(new SharedArrayBuffer(8 * 1003), 8)
  array.fill(3)
  const lengths = await parChunks(
    array,
    100,
    (view, index) => {
      for (let i = 0; i < view.length; i++) view[i] = (view[i] as number) * (index + 1)
      return view.length
    },
    { pool },
  )
  t.deepEqual(lengths, [...Array.from({ length: 10 }, () => 100), 2])
  t.true(array.every((x, i) => x === 3 * (Math.floor(i / 100) + 1)))
})

test('copies of memory that is not shared', async (t) => {
  await using pool = createPool({ workers: 1 })
  const array = Int16Array.from({ length: 10 }, (_, i) => i)
  const results = await parChunks(array.subarray(1), 4, (view) => view.fill(0, 0, 1).reduce((a, b) => a + b), { pool })
  t.deepEqual(results, [2 + 3 + 4, 6 + 7 + 8, 0])
  t.is(array[1], 1, 'the copy was changed, not the array')
})

test('here, where the function awaits', async (t) => {
  const array = Float32Array.from([1, 2, 3])
  t.deepEqual(await parChunks(array, 2, async (view, index) => view.length + index), [2, 2])
})

test('what is no chunk is refused', async (t) => {
  await t.throwsAsync(
    parChunks([1] as never, 1, () => 1),
    { code: 'ERR_OPTION', message: /typed array/ },
  )
  await t.throwsAsync(
    parChunks(new Int8Array(1), 0, () => 1),
    { code: 'ERR_OPTION', message: /size/ },
  )
  await t.throwsAsync(parChunks(new Int8Array(1), 1, null as never), { code: 'ERR_OPTION' })
  t.deepEqual(await parChunks(new Int8Array(0), 1, () => 1), [])
})
