// Which functions count as async, so that they run on the caller.
/* oxlint-disable no-extra-bind, typescript/no-extraneous-class -- the odd things are the point */
import { transformSync } from 'esbuild'
import test from 'ava'
import { isAsync } from '../dist/ts/shipping/lane-of.js'

const evaluate = (source: string): Function => new Function(`return (${source}\n)`)() as Function

test('async as written', (t) => {
  const fns: Function[] = [async () => 1, async function () {}, { async f() {} }.f, (async () => 1).bind(null)]
  fns.push(new Proxy(async () => 1, {}), evaluate('async x => x'))
  for (const fn of fns) t.true(isAsync(fn), String(fn))
})

test('not async', (t) => {
  const fns: Function[] = [
    () => Promise.resolve(1),
    function* () {},
    async function* () {},
    JSON.parse,
    class {},
    () => async () => 1,
  ]
  for (const fn of fns) t.false(isAsync(fn), String(fn))
})

for (const target of ['es2015', 'es2016', 'es2017', 'node20']) {
  for (const minify of [false, true]) {
    test(`esbuild, target ${target}${minify ? ', minified' : ''}`, (t) => {
      const source = `
        module.exports = [
          async (x) => x, async function (x) { await x }, async function named() { return this }, { async m(x) { return x } }.m,
          async (x, y = 1, { z } = {}) => x + y + z, async (...xs) => xs, async (x) => { const f = () => x; return f },
        ]
        module.exports.plain = [(x) => x, function* () {}, (x) => { const f = async () => x; return [f()] }]
      `
      const { code } = transformSync(source, { target, minify, platform: 'node' })
      const module = { exports: [] as unknown as Function[] & { plain: Function[] } }
      new Function('module', code)(module)
      for (const fn of module.exports) t.true(isAsync(fn), String(fn))
      for (const fn of module.exports.plain) t.false(isAsync(fn), String(fn))
    })
  }
}

test('TypeScript, babel and swc', (t) => {
  for (const source of [
    'function (x) { return __awaiter(this, void 0, void 0, function* () { yield x }) }',
    '(x) => tslib_1.__awaiter(void 0, void 0, void 0, function* () { yield x })',
    'function (x) { return t(this, arguments, void 0, function* () { yield x }) }',
    'function f(_x) { return _f.apply(this, arguments) }',
    'function f(_x, _x2) { return _ref.apply(this, arguments) }',
    'function t(e) { return n.apply(this, arguments) }',
    'function f() { return (0, _asyncToGenerator2.default)(function* () {})() }',
    'function f() { return _async_to_generator(function* () {}).apply(this, arguments) }',
  ]) {
    t.true(isAsync(evaluate(source)), source)
  }
})

test('a forwarder that somebody wrote is not async', (t) => {
  for (const source of [
    'function () { return inner.apply(this, arguments) }',
    'function (x) { count(x); return inner.apply(this, arguments) }',
    'function (fn) { return fn.apply(this, arguments) }',
    '(x) => run(function* () { yield x })',
  ]) {
    t.false(isAsync(evaluate(source)), source)
  }
})
