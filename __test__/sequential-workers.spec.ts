// Sequential mode gives the results and errors that workers give.

import { deepStrictEqual } from 'node:assert'
import * as fc from 'fast-check'
import test from 'ava'

import { parMap, run } from 'everycore'
import { resultOf } from './fixtures/process.ts'

test('EVERYCORE_SEQUENTIAL=1: every sort of call', async (t) => {
  const args = ['modes.mjs']
  const there = (await resultOf('', { args })) as Record<string, unknown>
  const here = (await resultOf('', { args, env: { EVERYCORE_SEQUENTIAL: '1' } })) as Record<string, unknown>
  for (const name of Object.keys(there)) t.deepEqual(here[name], there[name], name)
})

/** What became of each item, without what differs by nature: stacks. */
async function outcomes(job: { settled(): Promise<PromiseSettledResult<unknown>[]> }): Promise<unknown[]> {
  return (await job.settled()).map((one) => {
    if (one.status === 'fulfilled') return [one.value]
    const { name, message, code, cause } = one.reason as Error & { code?: string }
    return { name, message, code, cause: (cause as Error | undefined)?.message ?? cause }
  })
}

const functions = [
  (x: unknown) => x,
  (x: unknown, index: number) => [x, index],
  (x: unknown) => typeof x,
  (x: unknown) => JSON.stringify(x)?.length,
  (x: unknown, _i: number, { use }: { use: { k: number } }) => [x, use.k],
  (x: unknown, _i: number, { attempt }: { attempt: number }) => {
    if (attempt < 2) throw new Error(`attempt ${attempt} of ${String(x)}`)
    return attempt
  },
  (x: unknown) => {
    if (typeof x === 'number') throw new RangeError(`not ${x}`, { cause: x })
    return x
  },
  (x: unknown) => {
    throw x
  },
  (x: unknown) => Promise.resolve(x),
  (x: unknown) => ({ result: x, method() {} }),
  (x: { a: { b: unknown } }) => x.a.b,
] as ((x: unknown) => unknown)[]

const item = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.constantFrom(null, undefined, true),
  fc.array(fc.integer()),
  fc.dictionary(fc.string(), fc.double()),
  fc.constant(Symbol.for('s')),
  fc.constant(() => 1),
  // Node holds no two invalid ones for equal.
  fc.date({ noInvalidDate: true }),
)

test('concurrency 0: random items, functions, faults and options', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 12 }),
      fc.constantFrom(...functions),
      fc.record({
        retries: fc.constantFrom(0, 1),
        onError: fc.constant('collect' as const),
        chunk: fc.constantFrom(1, 5, 'auto' as const),
      }),
      async (items, fn, options) => {
        const settings = { ...options, use: { k: 1 } }
        deepStrictEqual(
          await outcomes(parMap(items, fn, { ...settings, concurrency: 0 })),
          await outcomes(parMap(items, fn, settings)),
        )
      },
    ),
    { numRuns: 300 },
  )
  t.pass()
})

test('concurrency 0 is in order and here', async (t) => {
  const seen: number[] = []
  const job = parMap([1, 2, 3], async (x) => void seen.push(x), { concurrency: 0 })
  t.is(job.lane, 'caller')
  await job
  t.deepEqual(seen, [1, 2, 3])
  await t.throwsAsync(
    parMap([1], (x) => seen[x], { concurrency: 0 }),
    { code: 'ERR_CAPTURE', message: /seen/ },
  )
  t.is(await run((x: number) => x, [1]), 1)
})
