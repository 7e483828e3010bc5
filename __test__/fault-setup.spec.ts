// A set-up that fails, ends its thread, throws behind its own back or never ends: the work is refused with the reason, and the pool closes.
import test from 'ava'
import { createPool } from 'everycore'

const bad = {
  'setup.mjs?throws': /RangeError: no/,
  'setup.mjs?rejects': /no/,
  'setup.mjs?exits': /exited with code 5/,
  'setup.mjs?stray': /late/,
  'setup.mjs?never': /never settles/,
  'not-there.mjs': /Cannot find module/,
}

for (const [file, message] of Object.entries(bad)) {
  test(`a set-up by ${file}`, async (t) => {
    const pool = createPool({ workers: 2, setup: new URL(`./fixtures/faults/${file}`, import.meta.url) })
    const error = await t.throwsAsync(
      pool.run(() => 1),
      { code: 'ERR_LOAD', message },
    )
    t.true('cause' in (error as Error))
    await t.throwsAsync(
      pool.parMap([1], (n) => n),
      { code: 'ERR_LOAD', message },
    )
    await pool.close()
  })
}
