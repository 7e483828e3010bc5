// The package as it is published: what its tarballs hold, and that they work where there is no Rust.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Installed, ROOT, run } from './installed.ts'

let installed: Installed

test.before((t) => {
  t.timeout(120_000)
  installed = new Installed()
})
test.after.always(() => installed?.remove())

const manifest = (...path: string[]) =>
  JSON.parse(readFileSync(join(installed.folder, 'node_modules', ...path, 'package.json'), 'utf8'))

test.serial('the tarball holds what runs and its types, and nothing else', (t) => {
  const own =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|binding\.cjs|binding\.d\.cts|dist\/.+\.(js|mjs|d\.ts|d\.mts))$/
  t.deepEqual(
    installed.main.files.filter((path) => !own.test(path)),
    [],
  )
  for (const path of [
    'dist/index.js',
    'dist/index.mjs',
    'dist/index.d.ts',
    'dist/index.d.mts',
    'binding.cjs',
    'LICENSE',
  ]) {
    t.true(installed.main.files.includes(path), path)
  }
  t.true(installed.platform.files.some((path) => path.endsWith('.node')))
})

test.serial('installing runs no script', (t) => {
  for (const { name } of [installed.main, installed.platform]) {
    const scripts = Object.keys(manifest(name).scripts ?? {})
    t.deepEqual(
      scripts.filter((script) => /install|prepare|prepublish/.test(script)),
      [],
      name,
    )
  }
})

test.serial('every target has a platform package, all of one version', (t) => {
  const { version, napi } = manifest('everycore')
  const folders = readdirSync(join(ROOT, 'npm'))
  t.is(folders.length, napi.targets.length)
  for (const folder of folders) {
    const platform = JSON.parse(readFileSync(join(ROOT, 'npm', folder, 'package.json'), 'utf8'))
    t.is(platform.name, `${napi.packageName}-${folder}`)
    t.is(platform.version, version, folder)
  }
})

test.serial('by require', (t) => {
  const ran = installed.program(
    'required.cjs',
    `const { parMap } = require('everycore')
    parMap([1, 2, 3], (n) => [n * n, require('node:worker_threads').isMainThread]).then((results) => console.log(JSON.stringify(results)))`,
  )
  t.is(ran.stderr, '')
  t.is(ran.stdout, '[[1,false],[4,false],[9,false]]\n')
})

test.serial('by import, with a module of its own', (t) => {
  installed.write(
    'square.mjs',
    `import { isMainThread } from 'node:worker_threads'\nexport const square = (n) => [n * n, isMainThread]`,
  )
  const ran = installed.program(
    'imported.mjs',
    `import { parMap, workerModule } from 'everycore'
    const { square } = workerModule(new URL('square.mjs', import.meta.url))
    console.log(JSON.stringify(await parMap([1, 2, 3], square)))`,
  )
  t.is(ran.stderr, '')
  t.is(ran.stdout, '[[1,false],[4,false],[9,false]]\n')
})

test.serial('import and require give one instance', (t) => {
  const ran = installed.program(
    'instance.mjs',
    `import { createRequire } from 'node:module'
    import * as imported from 'everycore'
    const required = createRequire(import.meta.url)('everycore')
    console.log(Object.keys(imported).every((name) => imported[name] === required[name]))`,
  )
  t.is(ran.stdout, 'true\n')
})

for (const kind of ['mts', 'cts']) {
  test.serial(`the types work in a .${kind} file of a strict project that checks libraries`, (t) => {
    installed.write(
      `consumer.${kind}`,
      `import { parMap, type Job } from 'everycore'
      const job: Job<number[], PromiseSettledResult<number>[]> = parMap(['a'], (text: string, index) => text.length + index)
      job.then((lengths: number[]) => lengths)
      // @ts-expect-error -- the items are strings
      parMap(['a'], (n: number) => n)`,
    )
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
    const roots = ['--typeRoots', join(ROOT, 'node_modules', '@types')]
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const ran = run(process.execPath, [tsc, ...options, ...roots, `consumer.${kind}`], installed.folder)
    t.is(ran.stdout, '')
    t.is(ran.status, 0)
  })
}

const LOAD = `import('everycore').then(() => console.log('loaded'), ({ code, message }) => console.log(JSON.stringify({ code, message })))`

test.serial('a platform without an addon is told by name', (t) => {
  installed.write('elsewhere.cjs', `Object.defineProperty(process, 'platform', { value: 'sunos' })`)
  const { code, message } = JSON.parse(installed.program('load.mjs', LOAD, ['--require', './elsewhere.cjs']).stdout)
  t.is(code, 'ERR_UNSUPPORTED_PLATFORM')
  t.regex(message, new RegExp(`@everycore/binding-sunos-${process.arch}`))
})

// The last one: it takes the addon away.
test.serial('a platform package that was not installed is told by name', (t) => {
  rmSync(join(installed.folder, 'node_modules', installed.platform.name), { recursive: true })
  const { code, message } = JSON.parse(installed.program('load.mjs', LOAD).stdout)
  t.is(code, 'ERR_UNSUPPORTED_PLATFORM')
  t.regex(message, new RegExp(`@everycore/binding-${process.platform}-${process.arch}`))
})
