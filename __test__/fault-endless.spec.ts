// A task that computes for ever is stopped by its timeout or its signal, wherever it is, and its worker is replaced.
import test from 'ava'
import { createPool } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails } from './support/scene.ts'

for (const hazard of ['loops', 'loopsLater', 'regex', 'waitsLong']) {
  test(`${hazard}, with a timeout`, (t) => {
    return fails(
      t,
      hazard,
      { class: 'TimeoutError', name: 'TimeoutError', code: 'ERR_TIMEOUT' },
      // Its bystanders have as long, on machines that are slow and full, too.
      { options: { timeout: 500 } },
    )
  })
}

for (const name of ['tellsAndLoops', 'tellsAndMatches', 'tellsAndWaits'] as const) {
  test(`${name}, with a signal`, async (t) => {
    const pool = createPool({ workers: 2 })
    const began = new Int32Array(new SharedArrayBuffer(4))
    const controller = new AbortController()
    const reason = new Error('enough')
    const bystander = pool.parMap([1, 2, 3], hazards.same as never)
    const job = pool.parMap(['fault'], hazards[name] as never, { signal: controller.signal, use: { began } })
    await Atomics.waitAsync(began, 0, 0).value
    controller.abort(reason)
    t.is(await t.throwsAsync(job), reason)
    t.deepEqual(await bystander, [1, 2, 3] as never)
    t.deepEqual(
      await Promise.all([pool.run(hazards.same as never, [1] as never), pool.run(hazards.same as never, [2] as never)]),
      [1, 2] as never,
    )
    await pool.close()
  })
}
