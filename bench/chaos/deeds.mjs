/**
 * The mix of calls: each deed is one or more calls of a verb over a block of items, some of them with fates, and hands each outcome to the judge.
 *
 * A deed is an async function of `{ pool, tasks, nested, random, judge, items }`; `items(count, fates)` gives codes, and plants in them what is due of these fates. It gives
 * `'loose'` where some of its items have no outcomes, for they may begin once, or not at all.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { BLOCK } from './cells.mjs'
import { fateOf } from './fates.mjs'
import { failure, outcomeOf } from './judge.mjs'

/** Fates that a function without `await` can meet; an endless one only where a timeout ends it. */
const SYNC = ['exit', 'reallyExit', 'memory', 'uncaught', 'exitLater', 'overflow', 'throws']
const TIMED = [...SYNC, 'endless']
/** Far above what an item needs, also on a machine that is busy. */
const TIMEOUT = 60

const settledOutcome = ({ status, value, reason }) => (status === 'fulfilled' ? value : failure(reason))

/** What a map needs to end items with that fate. */
const limits = (codes) => (codes.some((code) => fateOf(code) === 'endless') ? { timeout: TIMEOUT, grace: 0 } : {})

export const deeds = {
  /** Plain numbers travel in rows. */
  async numbers({ pool, tasks, items, judge }) {
    const codes = items(BLOCK, TIMED)
    const results = await pool.parMap(codes, tasks.count, { onError: 'return', ...limits(codes) })
    codes.forEach((code, at) => judge.item(code, outcomeOf(results[at])))
  },

  async records({ pool, tasks, items, judge }) {
    const records = items(1024, TIMED).map((code, at) => ({ code, label: `item ${at}` }))
    const timing = limits(records.map(({ code }) => code))
    const outcomes = await pool.parMap(records, tasks.countRecord, timing).settled()
    records.forEach(({ code, label }, at) => {
      const outcome = settledOutcome(outcomes[at])
      judge.item(code, outcome?.label === label ? outcome.value : outcome)
    })
  },

  /** Records travel in tables, there and back, and quick ones are announced together. */
  async tables({ pool, tasks, items, judge }) {
    const records = items(BLOCK, SYNC).map((code, at) => ({ code, label: `item ${at}` }))
    const results = await pool.parMap(records, tasks.countAtOnce, { onError: 'return' })
    records.forEach(({ code, label }, at) => {
      const outcome = outcomeOf(results[at])
      judge.item(code, outcome?.label === label ? outcome.value : outcome)
    })
  },

  /** Numbers that workers read where they stand. With a time limit each result goes by itself. */
  async floats({ pool, tasks, items, judge, random }) {
    const list = items(BLOCK, random.below(4) === 0 ? TIMED : SYNC)
    const codes = new Float64Array(random.below(2) === 0 ? list.length : new SharedArrayBuffer(list.length * 8))
    codes.set(list)
    const failures = new Map()
    const results = await pool.parMap(codes, tasks.count, limits(list)).catch((error) => {
      for (const { index, error: one } of error.failures) failures.set(index, failure(one))
      return error.results
    })
    codes.forEach((code, at) => judge.item(code, failures.get(at) ?? results[at]))
  },

  async lazy({ pool, tasks, items, judge, random }) {
    const codes = items(BLOCK, TIMED)
    const leaveAt = random.below(3) === 0 ? random.below(BLOCK) : Infinity
    const source = random.below(2) === 0 ? codes : codes.values()
    let at = 0
    for await (const result of pool.lazyParMap(source, tasks.count, { onError: 'return', ...limits(codes) })) {
      judge.item(codes[at], outcomeOf(result))
      if (++at > leaveAt) return 'loose'
    }
    // What was not yielded is lost.
    for (; at < codes.length; at++) judge.item(codes[at], undefined)
    return undefined
  },

  /** Functions that await, one after the other as there is room. */
  async lazySlowly({ pool, tasks, items, judge }) {
    const codes = items(512, SYNC)
    let at = 0
    for await (const result of pool.lazyParMap(codes, tasks.countSlowly, { onError: 'return', concurrency: 16 }))
      judge.item(codes[at++], outcomeOf(result), { sharing: true })
    for (; at < codes.length; at++) judge.item(codes[at], undefined)
  },

  /** Of one tick: they travel together. */
  async calls({ pool, tasks, items, judge }) {
    const codes = items(512, SYNC)
    const outcomes = await Promise.allSettled(codes.map((code) => pool.run(tasks.countOne, [code])))
    codes.forEach((code, at) => judge.item(code, settledOutcome(outcomes[at])))
  },

  async batches({ pool, tasks, items, judge }) {
    const size = 32
    const codes = items(1024, TIMED)
    const outcomes = await pool.batch(codes, tasks.countBatch, { size, ...limits(codes) }).settled()
    codes.forEach((code, at) => {
      const outcome = settledOutcome(outcomes[Math.floor(at / size)])
      const batch = codes.slice(at - (at % size), at - (at % size) + size)
      const planned = batch.find((one) => fateOf(one) !== 'none')
      // Its items fail together, so they fail of what was planned for one of them.
      if (outcome?.failed === undefined) judge.item(code, outcome?.[at % size])
      else judge.item(code, outcome, { kin: size, sharing: planned !== undefined })
    })
  },

  async slowly({ pool, tasks, items, judge }) {
    const codes = items(512, SYNC)
    const outcomes = await pool.parMap(codes, tasks.countSlowly, { concurrency: 16 }).settled()
    codes.forEach((code, at) => judge.item(code, settledOutcome(outcomes[at]), { sharing: true }))
  },

  async nested({ pool, nested, items, judge }) {
    const codes = items(512, SYNC)
    const groups = []
    for (let at = 0; at < codes.length; at += 64) groups.push({ code: codes[at], codes: codes.slice(at + 1, at + 64) })
    const outcomes = await pool.parMap(groups, nested.countWithin, { onError: 'return' })
    let loose
    groups.forEach((group, at) => {
      const outcome = outcomeOf(outcomes[at])
      const failed = outcome?.failed !== undefined
      judge.item(group.code, failed ? outcome : outcome?.value, { sharing: true })
      // A map goes with the item that made it; each of its items has begun once at most.
      if (failed) loose = 'loose'
      else group.codes.forEach((code, i) => judge.item(code, outcome?.outcomes[i], { sharing: true }))
    })
    return loose
  },

  async retried({ pool, tasks, items, judge }) {
    const codes = items(1024, TIMED)
    const results = await pool.parMap(codes, tasks.count, { onError: 'return', retries: 3, ...limits(codes) })
    codes.forEach((code, at) => judge.item(code, outcomeOf(results[at]), { attempts: 4, sharing: true }))
  },

  async cancelled({ pool, tasks, items, random }) {
    const codes = items(BLOCK, [...SYNC, 'endless'])
    const controller = new AbortController()
    const job = pool.parMap(codes, tasks.count, { signal: controller.signal, grace: random.below(3) })
    const settled = job.settled()
    await sleep(random.below(20))
    if (random.below(2) === 0) job.cancel()
    else controller.abort(new Error('enough'))
    await settled
    return 'loose'
  },
}

/** How often each is chosen. */
export const weights = {
  numbers: 6,
  records: 3,
  tables: 3,
  floats: 4,
  lazy: 4,
  lazySlowly: 1,
  calls: 4,
  batches: 3,
  slowly: 3,
  nested: 3,
  retried: 2,
  cancelled: 2,
}
