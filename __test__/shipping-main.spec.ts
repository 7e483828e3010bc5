// The main module is found for scripts of either kind, through links, and where there is none.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'

const built = join(import.meta.dirname, '../dist/ts/shipping/main.js')
const node = (...args: string[]): string => execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })

test('scripts, links and none', (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'everycore-')))
  try {
    const common = join(folder, 'a b.cjs')
    const module = join(folder, 'c.mjs')
    const link = join(folder, 'link')
    const print = 'process.stdout.write(String(mainModule()))'
    writeFileSync(common, `const { mainModule } = require(${JSON.stringify(built)}); ${print}`)
    writeFileSync(module, `import { mainModule } from ${JSON.stringify(pathToFileURL(built).href)}; ${print}`)
    symlinkSync(module, link)
    t.is(node(common), common)
    t.is(node(module), module)
    t.is(node(link), module)
    t.is(node('-e', `const { mainModule } = require(${JSON.stringify(built)}); ${print}`), 'undefined')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
