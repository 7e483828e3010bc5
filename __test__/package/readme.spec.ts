// Every JavaScript block of the README and of the page on native work runs and prints what the comments behind its `console.log` calls say.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ROOT, run } from './installed.ts'

// Within the package, so that the blocks' `import 'everycore'` finds it.
const FOLDER = join(ROOT, 'target', 'readme')

const readme = ['README.md', 'docs/native.md'].map((name) => readFileSync(join(ROOT, name), 'utf8')).join('\n')
const blocks = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, source], i) => {
  // A block that starts with a file's name is that file.
  const name = /^\/\/ ([\w-]+\.mjs)$/m.exec(source!.split('\n')[0]!)?.[1] ?? `block-${i + 1}.mjs`
  const expected = [...source!.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`).join('')
  return { name, source: source!, expected }
})

test.before(() => {
  mkdirSync(FOLDER, { recursive: true })
  for (const { name, source } of blocks) writeFileSync(join(FOLDER, name), source)
})
test.after.always(() => rmSync(FOLDER, { recursive: true, force: true }))

test('the README has examples', (t) => {
  t.true(blocks.length >= 8)
})

for (const { name, expected } of blocks) {
  test(name, (t) => {
    const ran = run(process.execPath, [join(FOLDER, name)], ROOT)
    t.is(ran.stderr, '')
    t.is(ran.stdout, expected)
    t.is(ran.status, 0)
  })
}
