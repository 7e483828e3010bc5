// The native threads of a pool: there when they are wanted, gone when they are not.

import { readdirSync, readFileSync } from 'node:fs'

import test from 'ava'

import { createPool } from 'everycore'
import type { Pool } from 'everycore'

/** Enough to be worth native threads. */
const MANY = 300_000
const ones = new Float64Array(new SharedArrayBuffer(8 * MANY)).fill(1)

const threads = (pool: Pool): number => pool.stats().nativeThreads

test.serial('a pool that has closed leaves the place of its threads to the next', async (t) => {
  for (let i = 0; i < 5; i++) {
    const pool = createPool({ nativeThreads: 3 })
    t.is(threads(pool), 0)
    t.is(await pool.native.sum(ones), MANY)
    t.is(threads(pool), 3)
    await pool.close()
    t.is(threads(pool), 0)
  }
})

test.serial('idle threads leave, and come again', async (t) => {
  await using pool = createPool({ nativeThreads: 2, idleTimeout: 20 })
  for (let i = 0; i < 3; i++) {
    t.is(await pool.native.sum(ones), MANY)
    // It keeps this loop alive: what ends the threads does not.
    const alive = setInterval(() => {}, 1000)
    while (threads(pool) > 0) await new Promise(setImmediate)
    clearInterval(alive)
  }
  t.pass()
})

test.serial('they bear the name of their pool', async (t) => {
  await using pool = createPool({ nativeThreads: 2, name: 'abacus', stackSize: 1 << 20 })
  t.is(await pool.native.sum(ones), MANY)
  if (process.platform !== 'linux') return
  // The system keeps fifteen characters. A thread names itself when it begins, which may be after the sum.
  const wanted = ['abacus-native-0', 'abacus-native-1']
  while (!wanted.every((name) => threadNames().includes(name))) await new Promise(setImmediate)
})

function threadNames(): string[] {
  return readdirSync('/proc/self/task').flatMap((id) => {
    try {
      return [readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim()]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

test.serial('closing impatiently ends what runs, and its threads', async (t) => {
  const pool = createPool({ nativeThreads: 2 })
  const numbers = new Float64Array(new SharedArrayBuffer(8 * 4_000_000))
  for (let i = 0; i < numbers.length; i++) numbers[i] = (i * 7919) % 1_000_003
  const sorts = Array.from({ length: 12 }, () => pool.native.argsort(numbers))
  await pool.close({ cancelPending: true })
  const ends = await Promise.all(sorts.map((sort) => sort.settled()))
  t.true(ends.every((end) => end.status === 'rejected' && (end.reason as { code: string }).code === 'ERR_CANCELLED'))
  t.is(threads(pool), 0)
  await using next = createPool({ nativeThreads: 2 })
  t.is(await next.native.sum(ones), MANY)
  t.is(threads(next), 2)
})
