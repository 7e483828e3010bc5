// A task blocked in native code, which nothing can stop: it settles on time, its worker is written off, others take its place, and closing does not wait for it.
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createPool } from 'everycore'

/** A pipe that blocks who opens it to read until somebody opens it to write. */
function pipe(): { path: string; release(): void } {
  const path = join(mkdtempSync(join(tmpdir(), 'everycore-')), 'pipe')
  execFileSync('mkfifo', [path])
  const release = (): void => {
    try {
      closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
    } catch (error) {
      // The thread was stopped before it got there.
      if ((error as { code: unknown }).code !== 'ENXIO') throw error
    }
  }
  return { path, release }
}

const blocks = (path: string): void => {
  const { openSync } = require('node:fs') as typeof import('node:fs')
  openSync(path, 'r')
}
const posix = process.platform === 'win32' ? test.skip : test

posix('by its timeout', async (t) => {
  const pool = createPool({ workers: 1 })
  const { path, release } = pipe()
  const job = pool.parMap([path], blocks, { timeout: 50, grace: 0 })
  const next = pool.parMap([1, 2, 3], (n) => 2 * n)
  t.like(await job.settled(), [{ reason: { code: 'ERR_TIMEOUT' } }] as never)
  // While the thread is still blocked.
  t.deepEqual(await next, [2, 4, 6])
  release()
  t.deepEqual(await pool.parMap([4, 5], (n) => 2 * n), [8, 10])
  await pool.close()
})

posix('by a signal, in a call of its own', async (t) => {
  const pool = createPool({ workers: 1 })
  const { path, release } = pipe()
  const job = pool.run(blocks, [path], { grace: 0 })
  while (job.state === 'queued') await new Promise((resolve) => setTimeout(resolve, 5))
  job.cancel(new Error('enough'))
  await t.throwsAsync(job, { message: 'enough' })
  t.is(await pool.run(() => 'next'), 'next')
  release()
  await pool.close()
})

posix('closing does not wait', async (t) => {
  const pool = createPool({ workers: 2 })
  const pipes = [pipe(), pipe()]
  const jobs = pipes.map(({ path }) => pool.run(blocks, [path]))
  const ends = Promise.all(jobs.map((job) => job.settled()))
  while (jobs.some((job) => job.state === 'queued')) await new Promise((resolve) => setTimeout(resolve, 5))
  await pool.close({ timeout: 50 })
  for (const { status } of await ends) t.is(status, 'rejected')
  for (const { release } of pipes) release()
})

posix('so many and no more are left behind', async (t) => {
  const pool = createPool({ workers: 1 })
  const pipes = [pipe(), pipe(), pipe()]
  for (const { path } of pipes.slice(0, 2))
    await t.throwsAsync(pool.run(blocks, [path], { timeout: 20, grace: 0 }), { code: 'ERR_TIMEOUT' })
  const waits = pool.run(() => 'waits')
  pipes[0]?.release()
  // One has ended: the next one may be left behind.
  t.is(await waits, 'waits')
  pipes[1]?.release()
  await pool.close()
})
