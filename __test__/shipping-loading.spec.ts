// `import` and `require` in shipped functions, resolved from the main module, under Node's strictest settings.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'

const run = promisify(execFile)

/** A project elsewhere on the disk, in a folder with awkward characters, with a package that tells how it was loaded. */
function project(): { folder: string; main: string } {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'everycore-'))), "a #b%20é '")
  const home = join(folder, 'node_modules/fake-package')
  mkdirSync(home, { recursive: true })
  const exports = { '.': { import: './index.mjs', require: './index.cjs' }, './data.json': './data.json' }
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'fake-package', exports }))
  writeFileSync(join(home, 'index.mjs'), 'export default "imported"')
  writeFileSync(join(home, 'index.cjs'), 'module.exports = "required"')
  writeFileSync(join(home, 'data.json'), '{"kind":"json"}')
  return { folder, main: join(folder, 'main.mjs') }
}

test('without code generation from strings, without a warning', async (t) => {
  const { folder, main } = project()
  try {
    const flags = ['--disallow-code-generation-from-strings', '--throw-deprecation']
    const script = join(import.meta.dirname, 'fixtures/shipping-strict.cjs')
    const { stdout, stderr } = await run(process.execPath, [...flags, script, main], {
      timeout: 20_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    t.deepEqual(JSON.parse(stdout), {
      evaluated: false,
      plain: '`1` // */',
      sloppy: 2,
      path: 3,
      builtin: 'function',
      packaged: 'imported',
      attributes: 'json',
      required: 'required',
      resolved: join(folder, 'node_modules/fake-package/index.cjs'),
      relative: 'ERR_CAPTURE',
      relativeRequire: 'ERR_CAPTURE',
      missing: 'ERR_MODULE_NOT_FOUND',
    })
    // Importing JSON is what warns on Node 20, wherever it is written.
    t.is(stderr.replace(/^\(node:\d+\) ExperimentalWarning: Importing JSON modules.*\n.*\n/, ''), '')
  } finally {
    rmSync(join(folder, '..'), { recursive: true })
  }
})
