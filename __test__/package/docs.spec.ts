// Every JavaScript block of the pages in docs/ runs and prints what it says; where a page puts a peer's call beside ours, both print the same.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ROOT } from './installed.ts'
import { Page, type Block } from './pages.ts'

const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
const pages = new Map(names.map((name) => [name, new Page(join('docs', name))]))

test.before(() => pages.forEach((page) => page.write()))
test.after.always(() => pages.forEach((page) => page.remove()))

/** Prints what its test runner has to tell; whether it passed says its exit code. */
const isTest = ({ source }: Block): boolean => source.includes("from 'node:test'")

for (const [page, { blocks }] of pages) {
  for (const block of blocks) {
    test(`${page}: ${block.name}`, (t) => {
      const ran = pages.get(page)!.run(block)
      t.is(ran.stderr, '')
      if (!isTest(block)) t.is(ran.stdout, block.expected)
      t.is(ran.status, 0, ran.stdout)
    })
  }
}

const uses = ({ source, isFile }: Block, name: string): boolean => !isFile && source.includes(` from '${name}'`)

for (const peer of ['p-map', 'piscina']) {
  const page = `from-${peer}.md`
  const blocks = (pages.get(page)?.blocks ?? []).filter(({ isFile }) => !isFile)
  const pairs = blocks.flatMap((block, at) =>
    uses(block, peer) && !uses(block, 'everycore') ? [[block, blocks[at + 1]!] as const] : [],
  )

  test(`${page}: every call of ${peer} has ours beside it, which prints the same`, (t) => {
    t.true(pairs.length >= 8, `${pairs.length} pairs`)
    for (const [theirs, ours] of pairs) {
      t.true(uses(ours, 'everycore') && !uses(ours, peer), theirs.source)
      t.not(theirs.expected, '', theirs.source)
      t.is(ours.expected, theirs.expected, ours.source)
    }
  })
}
