// Hints about functions: once per function, however often it is called and however many closures are made of it.

import test from 'ava'

import { createPool, parMap, run, workerModule } from 'everycore'
import { runProcess } from './fixtures/process.ts'

/** The warnings of everycore's that come while `work` runs, by code. */
async function warned(code: string, work: () => Promise<unknown>): Promise<string[]> {
  const messages: string[] = []
  const note = (warning: Error & { code?: string }): void => {
    if (warning.code === code) messages.push(warning.message)
  }
  process.on('warning', note)
  try {
    await work()
    // Warnings are told in a later tick.
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('warning', note)
  }
  return messages
}

test.serial('a shipped function that returned a promise of what cannot be cloned', async (t) => {
  const told = await warned('EVERYCORE_ASYNC', async () => {
    for (let i = 0; i < 3; i++) {
      const opens = (): Promise<unknown> => Promise.resolve({ close() {} })
      await t.throwsAsync(run(opens), { code: 'ERR_NOT_CLONEABLE' })
      await t.throwsAsync(run(opens, [], { priority: 'high' }), { code: 'ERR_NOT_CLONEABLE' })
      await parMap([1, 2], opens).settled()
    }
    await parMap([1], function other() {
      return Promise.resolve(() => 1)
    }).settled()
  })
  t.deepEqual(told, [
    "'opens' returned a promise of something that cannot be cloned (result.close cannot be cloned: it is the function close); make it async, and it runs on the calling thread, where nothing is copied",
    "'other' returned a promise of something that cannot be cloned (result cannot be cloned: it is a function without a name); make it async, and it runs on the calling thread, where nothing is copied",
  ])
})

test.serial('not where that would be no help', async (t) => {
  const work = workerModule<{ promised: () => Promise<unknown> }>(new URL('./fixtures/warnings.mjs', import.meta.url))
  const told = await warned('EVERYCORE_ASYNC', async () => {
    await run(() => ({ close() {} }) as unknown).settled()
    await run(async () => ({ close() {} }) as unknown, [], { on: 'workers' }).settled()
    await run(work.promised).settled()
    await run(() => Promise.reject(new Error('other'))).settled()
    await run(() => Promise.resolve('fine'))
  })
  t.deepEqual(told, [])
})

test.serial('a function that held the calling thread is told of once, also if it threw', async (t) => {
  // Time in which this thread waits for a core is taken off, and on a busy machine that may be a good part of a short wait.
  const long = 200
  const told = await warned('EVERYCORE_HELD', async () => {
    await using pool = createPool({ workers: 1 })
    for (let i = 0; i < 3; i++) {
      await pool
        .run(async function throwsLate() {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, long)
          throw new Error('late')
        })
        .settled()
      await pool.par([
        function waits() {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, long)
        },
      ])
    }
  })
  t.is(told.length, 2, told.join())
  t.regex(told[0]!, /^'throwsLate' held the calling thread for \d+ ms; to compute in workers, put it in a module/)
  t.regex(told[1]!, /^'waits' held/)
})

test.serial('they can be silenced as all warnings of Node', async (t) => {
  const { err, code } = await runProcess('', {
    args: [
      '--no-warnings',
      '--input-type=module',
      '-e',
      `import { run } from 'everycore'
      await run(async () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200) })
      await run(() => Promise.resolve(() => 1)).settled()`,
    ],
  })
  t.is(code, 0)
  t.is(err, '')
})
