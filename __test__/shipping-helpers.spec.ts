// Our helpers do what the syntax they stand for does; the TypeScript compiler itself is the other side.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { transformSync } from 'esbuild'
import { cross } from './fixtures/shipping.ts'

type Exports = Record<string, (...args: any[]) => any>

/** Each is compiled for older targets, shipped, run, and compared with what it does as it stands. */
const source = `
export const rest = () => { const { a, [Symbol.for('s')]: s, 1: one, ...others } = { a: 1, b: 2, 1: 3, [Symbol.for('s')]: 4, [Symbol.for('t')]: 5 }; return [a, s, one, others] }
export const restOfNull = () => { try { const { ...x } = null as any; return x } catch (error: any) { return error.name } }
export const spread = () => [{ ...null, ...{ a: 1, get b() { return 2 } }, ['__proto__']: 3, ...'hi', c: 4 }, [...new Set([1, 2]), ...'ab']]
export const power = () => [2 ** 10, (-3) ** 3]
export const lazy = (o: any) => [o?.x?.y, o?.f?.(), o.n ?? 'null', (o.z ||= 1)]
export const awaits = async () => {
  const log: unknown[] = []
  const fail = async () => { throw new RangeError('no') }
  try { await fail() } catch (error: any) { log.push(error.name) } finally { log.push('finally') }
  log.push(await Promise.all([1, 2].map(async (x) => x * (await 2))))
  const withDefault = async (x = (() => { throw new Error('default') })()) => x
  log.push(await withDefault().catch((error: Error) => error.message))
  log.push(await (async (...xs: number[]) => xs.length)(1, 2, 3))
  log.push(await { n: 5, async m() { return [this.n, (() => this.n)()] } }.m())
  return log
}
export const iterates = async () => {
  const log: unknown[] = []
  async function* numbers(n: number) { try { for (let i = 0; i < n; i++) { const got: unknown = yield Promise.resolve(i); log.push(['got', got]) } return 'end' } finally { await null; log.push('closed') } }
  for await (const x of numbers(2)) log.push(x)
  for await (const x of numbers(9)) { log.push(x); if (x === 1) break }
  for await (const x of [Promise.resolve('a'), 'b']) log.push(x)
  const it = numbers(2); log.push(await it.next(), await it.next('sent'), await it.return('back' as any), await it.next())
  try { for await (const x of [Promise.reject(new Error('rejected'))]) log.push(x) } catch (error: any) { log.push(error.message) }
  try { await numbers(1).throw(new Error('thrown')) } catch (error: any) { log.push(error.message) }
  const all = numbers(3); log.push(await Promise.all([all.next(), all.next(), all.next(), all.next(), all.next()]))
  return log
}
export const privates = () => {
  class A {
    #x = 1; static #made = 0; static count() { return A.#made }
    constructor() { A.#made++ }
    get #double() { return this.#x * 2 } set #double(v) { this.#x = v / 2 }
    #sum(n: number) { return this.#x + n }
    run() { this.#x += 4; this.#x++; this.#double = 20; return [this.#x, this.#double, this.#sum(1), #x in this] }
    static steal(o: any) { try { return o.#x } catch (error: any) { return error.name } }
    static has(o: any) { try { return #x in o } catch (error: any) { return error.name } }
  }
  return [new A().run(), A.count(), A.steal({}), A.has({}), A.has(1)]
}
export const fields = () => {
  const key = 'computed'
  class Base { constructor() { (this as any).seen = Object.keys(this) } }
  class A extends Base { a = 1; [key] = 2; 'quoted' = 3; static s = 4; static { this.s++ } b = () => this.a }
  return [Object.entries(new A()).map(([k, v]) => [k, typeof v]), new A().b(), A.s, A.name]
}
export const uses = async () => {
  const log: unknown[] = []
  const make = (name: string, error?: Error) => ({ [Symbol.dispose]() { log.push(name); if (error) throw error } })
  { using a = make('a'), b = null; using c = make('c'); log.push('body') }
  try { using a = make('a', new Error('first')); using b = make('b', new Error('second')); throw new Error('body') }
  catch (error: any) { log.push(error.name, error.error.message, error.suppressed.error.message, error.suppressed.suppressed.message) }
  { await using a = { async [Symbol.asyncDispose]() { await null; log.push('async') } }; await using b = make('sync'); log.push('body') }
  try { using a = {} as any } catch (error: any) { log.push(error.name) }
  try { using a = 1 as any } catch (error: any) { log.push(error.name) }
  return log
}
export const templates = () => { const tag = (s: TemplateStringsArray, ...v: unknown[]) => [s, s.raw, v, Object.isFrozen(s)]; return tag\`a\\n\${1}b\${2}\` }
export const names = () => { const f = () => 1, g = class {}; const o = { ['k']: () => 1, m() {} }; return [f.name, g.name, o.k.name, o.m.name] }
export const modules = async () => { const path = await import('node:path'); return [typeof path.join, typeof path.default.join] }
`

const require = createRequire(import.meta.url)

function load(code: string): Exports {
  const module = { exports: {} as Exports }
  new Function('module', 'exports', 'require', code)(module, module.exports, require)
  return module.exports
}

/** Node 20 has no `using`, and no symbols for it under the names that compilers expect. */
const polyfill = (): void => {
  for (const name of ['dispose', 'asyncDispose']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) })
  }
}

function typescript(target: string): Exports {
  const folder = mkdtempSync(join(tmpdir(), 'everycore-'))
  try {
    writeFileSync(join(folder, 'source.ts'), source)
    const compiler = require.resolve('typescript/package.json').replace('package.json', 'bin/tsc')
    const options = `--ignoreConfig --noCheck --target ${target} --module commonjs --moduleResolution bundler --esModuleInterop`
    execFileSync(process.execPath, [compiler, ...options.split(' '), join(folder, 'source.ts')], { timeout: 30_000 })
    return load(readFileSync(join(folder, 'source.js'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const esbuild = (target: string): Exports =>
  load(transformSync(source, { target, loader: 'ts', format: 'cjs', platform: 'node' }).code)

polyfill()
const newest = esbuild('es2021')

for (const [compiler, make] of [
  ['TypeScript, ES2015', () => typescript('es2015')],
  ['TypeScript, ES2016', () => typescript('es2016')],
  ['TypeScript, ES2021', () => typescript('es2021')],
  ['esbuild, ES2015', () => esbuild('es2015')],
  ['esbuild, ES2017', () => esbuild('es2017')],
  ['esbuild, ES2021', () => esbuild('es2021')],
] as [string, () => Exports][]) {
  test(compiler, async (t) => {
    const compiled = make()
    for (const name of Object.keys(compiled)) {
      // The compiled function as it stands is the measure, not the language: compilers differ from it in places. Of
      // async generators the language is: esbuild's forget to close where a `finally` awaits.
      const measure = name === 'iterates' ? newest : compiled
      const expected = await measure[name]!({ n: null })
      t.deepEqual(await cross(compiled[name]!)({ n: null }), expected, name)
    }
  })
}

test('generators of ES5', (t) => {
  const body = `function () {
    var error_1, x;
    return __generator(this, function (_a) {
      switch (_a.label) {
        case 0: _a.trys.push([0, 3, 4, 5]); return [4 /*yield*/, 1];
        case 1: x = _a.sent(); return [5 /*yield**/, __values([x, 2])];
        case 2: _a.sent(); return [3 /*break*/, 5];
        case 3: error_1 = _a.sent(); return [2 /*return*/, 'caught ' + error_1];
        case 4: log.push('finally'); return [7 /*endfinally*/];
        case 5: return [2 /*return*/, 'end'];
      }
    });
  }`
  const run = cross(new Function(`return function () { var log = []; return [log, (${body})()] }`)()) as () => [
    string[],
    Generator<unknown>,
  ]
  const [log, it] = run()
  t.deepEqual(
    [it.next(), it.next('sent'), it.next(), it.next(), it.next()],
    [
      { value: 1, done: false },
      { value: 'sent', done: false },
      { value: 2, done: false },
      { value: 'end', done: true },
      { value: undefined, done: true },
    ],
  )
  t.deepEqual(log, ['finally'])
  const [, thrown] = run()
  thrown.next()
  t.deepEqual(thrown.throw('no'), { value: 'caught no', done: true })
  const [closed, returned] = run()
  returned.next()
  t.deepEqual(returned.return('early'), { value: 'early', done: true })
  t.deepEqual(closed, ['finally'])
  const [, fresh] = run()
  t.throws(() => fresh.throw(new Error('at once')), { message: 'at once' })
})
