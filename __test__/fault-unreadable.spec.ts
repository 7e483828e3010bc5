// What has come whole and cannot be read where it came to (too little memory, globals that somebody has replaced) fails its own item, on either side.
import test from 'ava'
import { createPool, workerModule } from 'everycore'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

type Told = Record<string, (string | Record<string, unknown>)[]>

const { make } = workerModule<{ make(item: unknown): unknown }>(
  new URL('./fixtures/faults/unreadable-worker.mjs', import.meta.url),
)

async function tellOf(t: Parameters<typeof endedWell>[0], where: string): Promise<Told> {
  const end = await child('unreadable.mjs', { args: [where] })
  endedWell(t, end)
  return JSON.parse(end.stdout) as Told
}

test('on the calling thread', async (t) => {
  const { next, ...told } = await tellOf(t, 'here')
  for (const [what, outcomes] of Object.entries(told)) {
    t.deepEqual([outcomes[0], outcomes[2], outcomes[4]], ['1', '2', '3'], what)
    const like = what.startsWith('bigError')
      ? { name: 'TaskError', code: 'ERR_TASK', cause: 'patched' }
      : { name: 'NotCloneableError', code: 'ERR_NOT_CLONEABLE', path: 'result', cause: 'patched' }
    for (const at of [1, 3]) t.like(outcomes[at], like, what)
  }
  t.deepEqual(next, ['1', '2', 'shape', 'again'])
})

test('in a worker', async (t) => {
  const { map, use, next } = await tellOf(t, 'there')
  const like = { name: 'NotCloneableError', code: 'ERR_NOT_CLONEABLE', cause: 'patched' }
  t.deepEqual([map?.[0], map?.[2]], ['1', '2'])
  t.like(map?.[1], { ...like, path: 'item' })
  t.like(use?.[0], like)
  t.deepEqual(next, ['1', '2', 'shape', 'again'])
})

// Definitions of shapes come without the number of a call.
test('calls of one tick whose results and errors repeat their shapes', async (t) => {
  const pool = createPool({ workers: 2 })
  const rows = [{ a: 1, b: 2 }, { a: 3, b: 4 }, [{ a: 5, b: 6 }]]
  const kinds = ['bigError', rows, 0, rows, 'bigError', 'keys']
  for (let round = 0; round < 50; round++) {
    const outcomes = await Promise.allSettled(kinds.map((kind) => pool.run(make, [kind])))
    for (const at of [0, 4]) t.like(outcomes[at], { reason: { name: 'RangeError', amount: 2n ** 100n } } as never)
    for (const at of [1, 3]) t.like(outcomes[at], { value: rows } as never)
    t.like((outcomes[5] as PromiseFulfilledResult<unknown[]>).value[1], { amount: 2n ** 100n } as never)
  }
  await pool.close()
})
