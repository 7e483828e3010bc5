// Every file in `examples/` runs, says what it should, and leaves by itself.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ROOT, run } from './installed.ts'

const FOLDER = join(ROOT, 'examples')

/** What each program prints; `files.mjs` and `divide.mjs` are modules that others run in workers. */
const EXPECTED: Record<string, RegExp> = {
  'divide-and-conquer.mjs': /^121393\ntrue 0 40008\n$/,
  'divide.mjs': /^$/,
  'endless.mjs':
    /^reading \d+ is the first with so high a score\nthe source is closed\n1234 rows inserted, the last is 'row 1233'\nbatches up to reading \d+\nthe source is closed\n$/,
  'errors.mjs':
    /^2 of 4 items failed; first \(item 1\): RangeError: 2 is even\nitem 1: true, item 3: true\ntried once: true\nERR_TIMEOUT\nTimeoutError\n$/,
  'files.mjs': /^$/,
  'hash-and-count.mjs':
    /^\d+ files, \d+ MB, [\d,]+ words\n\n {2}one core .*\n {2}\d+ workers .*\n\n[\d.]+ times as fast; the results are the same \(\w{12}\)\n$/,
  'inline.mjs': /^10000 rows, 178458354\.76 in all\nERR_CAPTURE\n$/,
  'map-reduce.mjs': /^10000 5000 13\ntrue\n$/,
  'native.mjs':
    /^500008822\.06 0 1000\.02\nmedian 500\.01\n7692c3ad3540\n3fc4ccfe7458\n8b5b9db0c13d\nAda 1990\nAda 1815\nZoë 1990\n$/,
  'on-the-caller.mjs': /^64 pages, the last is 'page \/63'\n200, TypeError\n$/,
  'own-pool.mjs': /^hello from a prepared worker\nall done\n\[ 1, 4, 9 \]\n$/,
  'worker-module.mjs': /^\d+ files hashed\nthis file has more than 50 words\n$/,
}

/** Run by a test of its own, which ends it. */
const SERVERS = ['server.mjs']

test('every example is in the table', (t) => {
  t.deepEqual(readdirSync(FOLDER).toSorted(), [...Object.keys(EXPECTED), ...SERVERS].toSorted())
})

for (const [name, expected] of Object.entries(EXPECTED)) {
  test.serial(name, (t) => {
    // The demonstration takes a folder; its own is large.
    const ran = run(process.execPath, [join(FOLDER, name), ...(name === 'hash-and-count.mjs' ? [FOLDER] : [])], ROOT)
    t.is(ran.stderr, '')
    t.regex(ran.stdout, expected)
    t.is(ran.status, 0)
  })
}
