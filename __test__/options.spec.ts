// Options: what is wrong is refused with its name, its value and what is allowed; what is missing is filled in.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, OptionError, parMap, run } from 'everycore'
import { normalisePool } from '../dist/ts/options/normalise-pool.js'
import { normaliseParMap, normaliseRun } from '../dist/ts/options/normalise.js'

const refusal = (normalise: (options: unknown) => unknown, options: unknown): string => {
  try {
    normalise(options)
  } catch (error) {
    if (error instanceof OptionError && error.code === 'ERR_OPTION') return error.message
    throw error
  }
  return 'accepted'
}
const pool = (options: unknown): unknown => normalisePool('createPool', options)

test('no options: one shared, frozen object of defaults', (t) => {
  t.is(normaliseParMap(undefined), normaliseParMap(undefined))
  t.true(Object.isFrozen(normaliseParMap(undefined)))
  t.like(normaliseParMap(undefined), {
    concurrency: undefined,
    onError: 'collect',
    preserveOrder: true,
    timeout: undefined,
    signal: undefined,
    grace: 100,
    priority: 'normal',
    chunk: 'auto',
    use: {},
    metadata: {},
    name: undefined,
    onProgress: undefined,
    on: undefined,
    pool: undefined,
    sequential: false,
  })
  t.is(normaliseParMap(undefined).retries.times, 0)
  t.like(normaliseRun(undefined), { queueTimeout: undefined, transfer: [], grace: 100 })
  t.like(normalisePool('createPool', undefined), {
    workers: undefined,
    minWorkers: 0,
    idleTimeout: 30_000,
    maxQueue: { calls: 1_000_000, bytes: 2 ** 30 },
    whenFull: 'reject',
    setup: undefined,
    resourceLimits: {},
    recycleAfter: { jobs: Infinity, ms: Infinity, heap: Infinity },
    name: 'everycore',
    stdout: true,
    stderr: true,
  })
})

test('an option that is undefined is one that is not given', (t) => {
  const nothing = { concurrency: undefined, retries: undefined, signal: undefined, chunk: undefined, pool: undefined }
  t.deepEqual({ ...normaliseParMap(nothing), retries: 0 }, { ...normaliseParMap(undefined), retries: 0 })
})

test('unknown names are refused, near misses guessed', (t) => {
  t.is(refusal(normaliseParMap, { concurency: 2 }), "parMap has no option 'concurency' (did you mean 'concurrency'?)")
  t.is(refusal(normaliseParMap, { stopOnError: true }), "parMap has no option 'stopOnError' (did you mean 'onError'?)")
  t.is(refusal(normaliseRun, { Timeout: 1 }), "run has no option 'Timeout' (did you mean 'timeout'?)")
  t.is(refusal(pool, { maxThreads: 2 }), "createPool has no option 'maxThreads' (did you mean 'workers'?)")
  t.regex(refusal(normaliseRun, { colour: 1 }), /^run has no option 'colour'; it has timeout, retries, /)
})

test('each verb has its own', (t) => {
  t.regex(refusal(normaliseParMap, { transfer: [] }), /parMap has no option 'transfer'/)
  t.regex(refusal(normaliseParMap, { queueTimeout: 5 }), /parMap has no option 'queueTimeout'/)
  t.regex(refusal(normaliseRun, { concurrency: 5 }), /run has no option 'concurrency'/)
  t.regex(refusal(normaliseRun, { onProgress: () => {} }), /run has no option 'onProgress'/)
})

const wrong: [string, unknown, RegExp][] = [
  ['concurrency', -1, /'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got -1$/],
  ['concurrency', 1.5, /got 1\.5$/],
  ['concurrency', NaN, /got NaN$/],
  ['concurrency', '4', /got '4'$/],
  ['concurrency', 1e9, /got 1000000000$/],
  ['concurrency', null, /got null$/],
  ['onError', 'ignore', /must be "collect", "stop" or "return", got 'ignore'$/],
  ['preserveOrder', 1, /must be true or false, got 1$/],
  ['timeout', 0, /must be milliseconds above 0, at most 2,147,483,647, got 0$/],
  ['timeout', 2 ** 31, /got 2147483648$/],
  ['timeout', Infinity, /got Infinity$/],
  ['timeout', '5s', /got '5s'$/],
  ['grace', -1, /must be milliseconds from 0/],
  ['grace', NaN, /got NaN/],
  ['retries', -1, /must be an integer from 0 to 1,000,000, Infinity, or \{ times, delay, when \}, got -1/],
  ['retries', 1.5, /got 1\.5/],
  ['retries', 'many', /got 'many'/],
  ['retries', { times: -1 }, /'retries\.times' must be an integer from 0 to 1,000,000 or Infinity, got -1/],
  [
    'retries',
    { times: 1, delay: -5 },
    /'retries\.delay' must be milliseconds from 0, or a function of the attempt, got -5/,
  ],
  ['retries', { times: 1, when: 5 }, /'retries\.when' must be a function, got 5/],
  ['retries', { time: 1 }, /option 'retries' has no 'time' \(did you mean 'times'\?\)/],
  ['signal', {}, /must be an AbortSignal, got \{\}/],
  ['signal', new AbortController(), /must be an AbortSignal/],
  ['priority', 'urgent', /must be "high", "normal" or "low", got 'urgent'/],
  ['chunk', 0, /must be 'auto' or an integer from 1 to 1,000,000, got 0/],
  ['chunk', 'big', /got 'big'/],
  ['use', 5, /must be an object, got 5/],
  ['use', [1], /must be an object/],
  ['use', null, /got null/],
  ['metadata', 'x', /must be an object, got 'x'/],
  ['name', '', /must be a string that is not empty, got ''/],
  ['name', 5, /got 5/],
  ['onProgress', true, /must be a function, got true/],
  ['on', 'worker', /must be "caller" or "workers", got 'worker'/],
  ['pool', {}, /must be a pool from createPool\(\), got \{\}/],
]

test('wrong values are named, with what is allowed', (t) => {
  for (const [name, value, message] of wrong) t.regex(refusal(normaliseParMap, { [name]: value }), message)
})

test('wrong values of run', (t) => {
  const buffer = new ArrayBuffer(1)
  t.regex(refusal(normaliseRun, { queueTimeout: 0 }), /milliseconds above 0/)
  t.regex(refusal(normaliseRun, { transfer: buffer }), /must be an array of ArrayBuffers \(of a view: its \.buffer\)/)
  t.regex(refusal(normaliseRun, { transfer: [new Uint8Array(1)] }), /'transfer\[0\]' must be an array of ArrayBuffers/)
  t.regex(refusal(normaliseRun, { transfer: [buffer, buffer] }), /'transfer\[1\]' must be each ArrayBuffer once/)
})

test('wrong values of pools, absurd sizes among them', (t) => {
  const wrongPools: [object, RegExp][] = [
    [{ workers: 1e9 }, /createPool: option 'workers' must be an integer from 1 to 1,024, got 1000000000/],
    [{ workers: 0 }, /got 0/],
    [{ workers: 2.5 }, /got 2\.5/],
    [{ workers: 2, minWorkers: 3 }, /'minWorkers' must be an integer from 0 to workers \(2\), got 3/],
    [{ idleTimeout: -1 }, /milliseconds from 0, at most 2,147,483,647, or Infinity/],
    [{ maxQueue: -1 }, /an integer from 1 to 4,294,967,295, or \{ calls, bytes \}/],
    [{ maxQueue: { bytes: 0 } }, /'maxQueue\.bytes' must be an integer from 1, got 0/],
    [{ whenFull: 'drop' }, /"reject" or "wait"/],
    [{ setup: 5 }, /a module's URL or a function/],
    [
      { resourceLimits: { maxOldGenerationSizeMb: 2 } },
      /'resourceLimits\.maxOldGenerationSizeMb' must be an integer from 16 to 1,048,576, got 2/,
    ],
    [{ resourceLimits: { heap: 2 } }, /option 'resourceLimits' has no 'heap'; it has maxOldGenerationSizeMb/],
    [{ recycleAfter: { jobs: 0 } }, /'recycleAfter\.jobs' must be an integer from 1 or Infinity, got 0/],
    [{ recycleAfter: 5 }, /an object of jobs, ms, heap/],
    [{ memoryLimit: 512 }, /'memoryLimit' must be an integer from 1,048,576 or Infinity, got 512/],
    [{ memoryLimit: '1gb' }, /'memoryLimit' must be an integer from 1,048,576 or Infinity, got '1gb'/],
    [{ env: { A: 1 } }, /'env\.A' must be a string, got 1/],
    [{ execArgv: '--x' }, /an array of strings/],
    [{ stdout: 'inherit' }, /true, false or a writable stream/],
  ]
  for (const [options, message] of wrongPools) t.regex(refusal(pool, options), message)
})

test('bags of any kind', (t) => {
  t.is(normaliseParMap(Object.assign(Object.create(null), { concurrency: 3 })).concurrency, 3)
  t.is(normaliseParMap(JSON.parse('{"concurrency":3}')).concurrency, 3)
  t.is(normaliseParMap(Object.create({ concurrency: 3 })).concurrency, 3, 'inherited from defaults of the user')
  t.is(
    normaliseParMap(
      new (class {
        get concurrency(): number {
          return 3
        }
      })(),
    ).concurrency,
    3,
  )
  t.regex(refusal(normaliseParMap, JSON.parse('{"__proto__": {"concurrency": 3}}')), /no option '__proto__'/)
  for (const [bag, shown] of [
    [5, '5'],
    [null, 'null'],
    ['x', "'x'"],
    [[1], '[ 1 ]'],
    [() => {}, 'function (anonymous)'],
  ] as const) {
    t.is(refusal(normaliseParMap, bag), `parMap: options must be an object, got ${shown}`)
  }
})

test('a getter that throws is told, with its error as cause', (t) => {
  const cause = new Error('inner')
  const bag = {
    get timeout() {
      throw cause
    },
  }
  const error = t.throws(() => normaliseParMap(bag), {
    instanceOf: OptionError,
    message: "parMap: option 'timeout' could not be read",
  })
  t.is(error?.cause, cause)
  t.throws(
    () =>
      normaliseParMap(
        new Proxy(
          {},
          {
            ownKeys() {
              throw cause
            },
          },
        ),
      ),
    { instanceOf: OptionError, message: 'parMap: options could not be read' },
  )
  t.throws(
    () =>
      normaliseParMap({
        retries: {
          get times() {
            throw cause
          },
        },
      }),
    { instanceOf: OptionError },
  )
})

test.serial("what stands on everybody's Object.prototype was not meant for us", (t) => {
  const everybody = Object.prototype as { timeout?: unknown }
  everybody.timeout = 'polluted'
  try {
    t.is(normaliseParMap({}).timeout, undefined)
    t.is(normaliseParMap({ timeout: 5 }).timeout, 5)
  } finally {
    delete everybody.timeout
  }
})

test('retries in their spellings', (t) => {
  t.is(normaliseParMap({ retries: 3 }).retries.times, 3)
  t.is(normaliseParMap({ retries: Infinity }).retries.times, Infinity)
  const { times, delay, when } = normaliseParMap({ retries: { times: 2, delay: 50 } }).retries
  t.deepEqual([times, delay(1), when(new Error())], [2, 50, true])
  t.is(normaliseParMap({ retries: { times: 2, delay: (attempt: number) => attempt * 10 } }).retries.delay(3), 30)
})

test('concurrency 0 is one at a time, in order, here', (t) => {
  t.like(normaliseParMap({ concurrency: 0 }), { concurrency: 1, sequential: true })
})

test('verbs reject, pools throw', async (t) => {
  await t.throwsAsync(
    parMap([1], async (x) => x, { concurrency: -1 }),
    { code: 'ERR_OPTION' },
  )
  await t.throwsAsync(parMap([1], 7 as never), {
    code: 'ERR_OPTION',
    message: 'parMap: fn must be a function, got 7',
  })
  await t.throwsAsync(run(5 as never), { code: 'ERR_OPTION' })
  t.throws(() => createPool({ workers: 1e9 }), { code: 'ERR_OPTION' })
})

test('a wrong call is still a job', async (t) => {
  const job = parMap(5 as never, async (x: number) => x)
  t.is(job.state, 'failed')
  t.deepEqual(job.progress, { done: 0, failed: 0, total: undefined })
  job.cancel()
  const outcomes = await job.settled()
  t.like(outcomes, [{ status: 'rejected', reason: { code: 'ERR_OPTION' } }])
})

test('any value at all is accepted or refused with an OptionError', (t) => {
  const names = Object.keys(normaliseParMap(undefined)).filter((name) => name !== 'sequential')
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.anything({ withNullPrototype: true, withBigInt: true, withTypedArray: true, withDate: true }),
      (name, value) => {
        const message = refusal(normaliseParMap, { [name]: value })
        return message === 'accepted' || message.includes(name)
      },
    ),
    { numRuns: 500 },
  )
  t.pass()
})
