// Random programs of submit, cancel, kill, timeout and close do what a simple model allows: each item settles once, begins once at most, and fails for a reason.
import test from 'ava'
import * as fc from 'fast-check'
import { createPool, workerModule } from 'everycore'
import type { Job } from 'everycore'
import { kill } from 'everycore/testing'

type What = 'returns' | 'throws' | 'exits' | 'loops' | 'waits'
interface Item {
  cell: number
  what: What
}
type Step =
  | { do: 'map'; items: What[]; awaits: boolean; chunk: number | 'auto' }
  | { do: 'calls'; items: What[] }
  | { do: 'cancel'; which: number }
  | { do: 'kill'; slot: number }
  | { do: 'pause'; ms: number }

interface Submitted {
  items: Item[]
  outcomes: Promise<PromiseSettledResult<unknown>[]>
  cancel: (reason: Error) => void
  cancelled: boolean
  settlements: number
}

const MOST_ITEMS = 4096
const TIMEOUT = 100
const { act, actAwaiting } = workerModule<Record<'act' | 'actAwaiting', (item: Item) => unknown>>(
  new URL('./fixtures/faults/model.mjs', import.meta.url),
)

const whats = (also: What[]): fc.Arbitrary<What[]> =>
  fc.array(
    fc.oneof(
      { weight: 30, arbitrary: fc.constant<What>('returns') },
      fc.constantFrom<What>('throws', 'exits', ...also),
    ),
    { minLength: 1, maxLength: 60 },
  )
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('map' as const),
    items: whats(['loops']),
    awaits: fc.constant(false),
    chunk: fc.constantFrom<number | 'auto'>('auto', 1, 7),
  }),
  fc.record({
    do: fc.constant('map' as const),
    items: whats(['waits']),
    awaits: fc.constant(true),
    chunk: fc.constant<'auto'>('auto'),
  }),
  fc.record({ do: fc.constant('calls' as const), items: whats([]) }),
  fc.record({ do: fc.constant('cancel' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('kill' as const), slot: fc.nat(1) }),
  fc.record({ do: fc.constant('pause' as const), ms: fc.nat(30) }),
)
const ending = fc.constantFrom({}, { timeout: 0 }, { timeout: 20 }, { cancelPending: true })

/** What an item of its own accord comes to. */
const due: Record<What, unknown> = {
  returns: undefined,
  throws: 'planned',
  exits: 'ERR_WORKER_EXIT',
  loops: 'ERR_TIMEOUT',
  waits: 'ERR_TIMEOUT',
}
const reasonOf = (error: unknown): unknown =>
  (error as { message: string }).message === 'planned' ? 'planned' : (error as { code: unknown }).code

async function play(steps: Step[], end: { timeout?: number; cancelPending?: boolean }): Promise<void> {
  const begun = new Int32Array(new SharedArrayBuffer(MOST_ITEMS * 4))
  const pool = createPool({ workers: 2 })
  const submitted: Submitted[] = []
  const kills: Promise<void>[] = []
  let cells = 0
  let killed = 0

  const submit = (what: What[], start: (items: Item[]) => Job<unknown, unknown>[]): void => {
    const items = what.map((one) => ({ cell: cells++, what: one }))
    const jobs = start(items)
    const one: Submitted = {
      items,
      outcomes: Promise.all(jobs.map((job) => job.settled())).then((all) => all.flat() as never),
      cancel: (reason) => jobs.forEach((job) => job.cancel(reason)),
      cancelled: false,
      settlements: 0,
    }
    for (const job of jobs)
      job.then(
        () => one.settlements++,
        () => one.settlements++,
      )
    submitted.push(one)
  }

  for (const one of steps) {
    if (one.do === 'map') {
      const { awaits, chunk } = one
      const options = { use: { begun }, chunk, ...(awaits ? { concurrency: 16 } : {}), timeout: TIMEOUT, grace: 0 }
      submit(one.items, (items) => [pool.parMap(items, (awaits ? actAwaiting : act) as never, options) as never])
    } else if (one.do === 'calls') {
      // Of one tick, without options of their own but `use`.
      submit(one.items, (items) =>
        items.map((item) => pool.run(act as never, [item, 0] as never, { use: { begun } }) as never),
      )
    } else if (one.do === 'cancel') {
      const job = submitted[one.which]
      if (job === undefined || job.cancelled) continue
      job.cancelled = true
      job.cancel(new Error('cancelled'))
    } else if (one.do === 'kill') {
      kills.push(
        kill(one.slot, pool).then(
          () => void killed++,
          () => {},
        ),
      )
    } else await new Promise((resolve) => setTimeout(resolve, one.ms))
  }
  await pool.close(end)
  await Promise.all(kills)
  const forced = 'timeout' in end || 'cancelPending' in end

  let bystanders = 0
  for (const { items, outcomes, cancelled, settlements } of submitted) {
    const settled = await outcomes
    await null
    if (settlements === 0) throw new Error('a job has settled without its promise')
    for (const [at, { cell, what }] of items.entries()) {
      const outcome = settled[at]
      const began = begun[cell] as number
      if (began > 1) throw new Error(`${what} began ${began} times`)
      if (outcome === undefined) throw new Error(`${what} has no outcome`)
      if (outcome.status === 'fulfilled') {
        if (outcome.value !== cell || began !== 1 || what !== 'returns')
          throw new Error(`${what} gave ${outcome.value}`)
        continue
      }
      const reason = reasonOf(outcome.reason)
      if (reason === due[what]) continue
      if (cancelled && (outcome.reason as Error).message === 'cancelled') continue
      if (forced && (reason === 'ERR_CANCELLED' || reason === 'ERR_CLOSED')) continue
      // Its worker died of something else: of a kill, of another item, or of one that shares the worker.
      if (reason === 'ERR_WORKER_EXIT') {
        bystanders++
        continue
      }
      throw new Error(`${what} failed with ${String(outcome.reason)}`)
    }
  }
  // Where workers run one item at a time, a kill costs one; items that share a worker by awaiting may be up to 16.
  const sharing = steps.some((one) => one.do === 'map' && one.awaits)
  if (!sharing && bystanders > killed) throw new Error(`${bystanders} bystanders died of ${killed} kills`)
  const late = pool.run(() => 1)
  if ((await late.settled()).status !== 'rejected') throw new Error('a closed pool has run a call')
}

test('random programs', async (t) => {
  t.timeout(240_000)
  const seed = Date.now() % 2 ** 31
  t.log(`seed ${seed}`)
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), ending, play), {
    numRuns: 40,
    seed,
    endOnFailure: true,
  })
  t.pass()
})
