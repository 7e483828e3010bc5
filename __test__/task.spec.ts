// A declared task runs in a worker that imports its module; it is found there by identity, so it needs no name.

import { createRequire } from 'node:module'
import { threadId } from 'node:worker_threads'
import test from 'ava'

import { isWorker, parMap, run, task, type Job } from 'everycore'
import { resultOf } from './fixtures/process.ts'
import { label, scale } from './fixtures/tasks-typed.ts'

type Task = (...args: unknown[]) => Job<never, never>
const require = createRequire(import.meta.url)
// @ts-ignore
const tasks = (await import('./fixtures/tasks.mjs')) as Record<string, Task>

test('a call runs in a worker', async (t) => {
  t.is(await tasks['double']!(4), 8 as never)
  const where = (await tasks['where']!()) as { thread: number; worker: boolean }
  t.not(where.thread, threadId)
  t.true(where.worker)
  t.false(isWorker)
})

test('a task is a function for every verb, with the context where it asks for it', async (t) => {
  t.deepEqual(await parMap([1, 2, 3], tasks['double'] as never), [2, 4, 6])
  t.is(await run(tasks['double'] as never, [5]), 10 as never)
  const job = tasks['add']!(1, 2)
  t.like(await job, { sum: 3, id: job.id, same: true })
  t.is(job.name, 'adder')
})

test('renamed and default exports', async (t) => {
  t.is(await tasks['renamed']!(2), 4 as never)
  t.is(await tasks['default']!('x'), 'default x' as never)
})

test('options belong to the task', async (t) => {
  await t.throwsAsync(tasks['slow']!(), { code: 'ERR_TIMEOUT' })
})

test('tasks call tasks', async (t) => {
  t.is(await tasks['fibonacci']!(9), 34 as never)
})

test('errors come back as themselves', async (t) => {
  await t.throwsAsync(tasks['fail']!(), { instanceOf: TypeError, message: 'as it should' })
})

test('CommonJS', async (t) => {
  const common = require('./fixtures/tasks.cjs') as Record<string, Task>
  t.is(await common['double']!(4), 8 as never)
  t.is(await common['isWorker']!(), true as never)
  t.is(await common['nested']!(4), 9 as never)
  t.is(await (require('./fixtures/task-only.cjs') as Task)(2), 10 as never)
})

test('TypeScript, with default parameters and the context', async (t) => {
  t.is(await scale(4), 8)
  t.is(await scale(4, 3), 12)
  t.is(await label('x'), 'x by anonymous')
})

test('a task that its module does not export says so', async (t) => {
  await t.throwsAsync(tasks['callHidden']!(), {
    code: 'ERR_LOAD',
    message: /tasks\.mjs.*does not export it: write export const/,
  })
})

test('a call while the module still evaluates waits, and is refused when the module waits for it', async (t) => {
  const outcome = await resultOf(`
    import { early, stuck } from './too-early.mjs'
    console.log(JSON.stringify({ early: await early.settled(), stuck }))`)
  t.like((outcome as { stuck: object }).stuck, { code: 'ERR_LOAD' })
  t.regex(
    (outcome as { stuck: Error }).stuck.message,
    /too-early\.mjs was called while that module was still being evaluated.*file of their own/,
  )
})

test('in CommonJS the module has been evaluated by the next turn', async (t) => {
  const { answer } = require('./fixtures/too-early.cjs') as { answer: Promise<number> }
  t.is(await answer, 8)
})

test('what is no module or no function is refused at the declaration', (t) => {
  for (const self of [undefined, null, 7, 'file:///x.js', {}]) {
    t.throws(() => task(self as never, () => 1), {
      code: 'ERR_OPTION',
      message: 'task: the first argument must be import.meta, or module in CommonJS',
    })
  }
  t.throws(() => task(import.meta, 7 as never), {
    code: 'ERR_OPTION',
    message: 'task: fn must be a function, got 7',
  })
})

test('wrong options of a task reject its calls', async (t) => {
  const wrong = task(import.meta, () => 1, { timout: 5 } as never)
  await t.throwsAsync(wrong(), { code: 'ERR_OPTION', message: /has no option 'timout' \(did you mean 'timeout'\?\)/ })
})
