// As many workers as may compute at the same time.

import { availableParallelism } from 'node:os'
import test from 'ava'

import { cpuCount, defaultPool, run, workerModule } from 'everycore'

test('a whole number, at least 1, at most what the system offers', (t) => {
  t.true(Number.isInteger(cpuCount()))
  t.true(cpuCount() >= 1 && cpuCount() <= availableParallelism())
  t.is(cpuCount(), cpuCount())
  t.is(defaultPool.workers, cpuCount())
})

test('the same in a worker', async (t) => {
  const own = workerModule<typeof import('everycore')>(import.meta.resolve('everycore'))
  t.is(await run(own.cpuCount), cpuCount())
})
