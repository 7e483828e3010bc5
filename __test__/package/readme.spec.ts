// Every JavaScript block of the README runs and prints what the comments behind its `console.log` calls say.
import test from 'ava'
import { Page } from './pages.ts'

const readme = new Page('README.md')

test.before(() => readme.write())
test.after.always(() => readme.remove())

test('the README has examples', (t) => {
  t.true(readme.blocks.length >= 8)
})

for (const block of readme.blocks) {
  test(block.name, (t) => {
    const ran = readme.run(block)
    t.is(ran.stderr, '')
    t.is(ran.stdout, block.expected)
    t.is(ran.status, 0)
  })
}
