// Functions as bundlers, minifiers, compilers and coverage tools leave them.
import { createRequire } from 'node:module'
import { transformSync, type TransformOptions } from 'esbuild'
import test from 'ava'
import { cross, refusal } from './fixtures/shipping.ts'

type Exports = Record<string, (...args: any[]) => any>

/** Compiles a module with esbuild and gives its exports. */
function compile(source: string, options: TransformOptions): Exports {
  const { code } = transformSync(source, { format: 'cjs', platform: 'node', loader: 'ts', ...options })
  const module = { exports: {} as Exports }
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url))
  return module.exports
}

const source = `
  const unused = 1
  export const double = (x: number) => x * 2
  export function named(xs: number[]) {
    const inner = (x: number) => x + 1
    function declared(x: number) { return x * 3 }
    class Shape { static sides = 2; area = () => 5; #secret = 7; reveal() { return this.#secret } }
    const Other = class { kind = 'other' }
    return [xs.map(inner).map(declared), inner.name, declared.name, Shape.name, Shape.sides, new Shape().area(), new Shape().reveal(), new Other().kind]
  }
  export const objects = (a: any) => { const { p, ...rest } = a; return { ...rest, q: { ...a, p }, r: a?.p?.deep ?? 'none', s: 2 ** p } }
  export const later = async (xs: number[], extra = 1) => {
    let sum = extra
    for await (const x of xs) sum += await Promise.resolve(x)
    const one = async () => 1
    try { await Promise.reject(new Error('caught')) } catch (e: any) { return [sum + (await one()), e.message] }
  }
  export const resources = () => {
    const log: string[] = []
    const open = (name: string) => ({ [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log.push(name) } })
    { using a = open('a'); using b = open('b'); log.push('body') }
    return log
  }
  export const fields = (n: number) => {
    class Counter { #n = n; static made = 0; constructor() { Counter.made++ } up() { this.#n++; return this.#check() } #check() { return #n in this && this.#n } set by(k: number) { this.#n += k } }
    const c = new Counter(); c.by = 10
    return [c.up(), Counter.made, Object.keys(c)]
  }
  export const text = (x: number) => ((s: TemplateStringsArray, v: number) => s.raw[0] + v)\`a\\n\${x}\`
  export const loads = async () => typeof (await import('node:fs')).readFileSync
`

const expected: [name: string, args: unknown[], result: unknown][] = [
  ['double', [4], 8],
  ['objects', [{ p: 3, z: 1 }], { z: 1, q: { p: 3, z: 1 }, r: 'none', s: 8 }],
  ['later', [[1, 2]], [5, 'caught']],
  ['resources', [], ['body', 'b', 'a']],
  ['fields', [1], [12, 1, []]],
  ['text', [4], 'a\\n4'],
  ['loads', [], 'function'],
]

for (const target of ['es2015', 'es2016', 'es2017', 'es2018', 'es2021', 'node20.19', 'esnext']) {
  for (const keepNames of [false, true]) {
    test(`esbuild, target ${target}${keepNames ? ', keeping names' : ''}`, async (t) => {
      // Node 20 does not know `using`.
      const supported = target === 'esnext' ? { using: false } : {}
      const compiled = compile(source, { target, keepNames, supported })
      for (const [name, args, result] of expected) t.deepEqual(await cross(compiled[name]!)(...args), result, name)
      t.deepEqual(cross(compiled['named']!)([1]), [[6], 'inner', 'declared', 'Shape', 2, 5, 7, 'other'])
    })
  }
}

for (const keepNames of [false, true]) {
  test(`minified${keepNames ? ', keeping names' : ''}: what Node 20 has itself needs no helper`, async (t) => {
    const compiled = compile(source, { target: 'node20.19', minify: true, keepNames })
    for (const [name, args, result] of expected) {
      if (name !== 'resources') t.deepEqual(await cross(compiled[name]!)(...args), result, name)
    }
    const [numbers, inner, declared, shape] = cross(compiled['named']!)([1])
    t.deepEqual(numbers, [6])
    if (keepNames) t.deepEqual([inner, declared, shape], ['inner', 'declared', 'Shape'])
  })
}

test('minified async functions of ES2016 are recognised by their shape', async (t) => {
  const plain = 'export const f = async (x) => { const g = async (y) => y + (await 1); return g(await x) }'
  for (const keepNames of [false, true]) {
    const { f } = compile(plain, { target: 'es2016', minify: true, keepNames })
    t.false(f!.toString().includes('async'))
    t.is(await cross(f!)(2), 3)
  }
})

test('other minified helpers cannot be known: the error says what to do', (t) => {
  const { f } = compile('export const f = (a) => ({ ...a, ...a.b })', { target: 'es2017', minify: true })
  t.regex(refusal(f!), /it uses `.` from the code around it/)
})

test('a function of a name and a text is not taken for a helper', (t) => {
  const make = new Function('memoize', 'return (x) => memoize((y) => y, "key")(x)')
  t.regex(refusal(make()), /it uses `memoize`/)
})

test('TypeScript at ES2016: __awaiter, alone and from tslib', async (t) => {
  const sources = [
    'function (x) { return __awaiter(this, void 0, void 0, function* () { return x + (yield Promise.resolve(1)) }) }',
    '(x) => __awaiter(void 0, void 0, void 0, function* () { return x + (yield 1) })',
    'function (x) { return tslib_1.__awaiter(this, void 0, void 0, function* () { return x + (yield 1) }) }',
    '(x) => (0, tslib_1.__awaiter)(void 0, void 0, void 0, function* () { return x + (yield 1) })',
    '(x_1) => tslib_1.__awaiter(void 0, [x_1], void 0, function* (x, y = 1) { return tslib_1.__assign({ x }, { y: x + y }).y })',
    'function (x) { return a(this, arguments, Promise, function* (z) { return z + (yield 1) }) }',
    `function (x) { return __awaiter(this, void 0, void 0, function () { var y; return __generator(this, function (_a) {
       switch (_a.label) { case 0: return [4 /*yield*/, x]; case 1: y = _a.sent(); return [2 /*return*/, y + 1] } }) }) }`,
  ]
  for (const one of sources) t.is(await cross(new Function(`return (${one})`)())(2), 3, one)
})

test('babel and swc', async (t) => {
  const sources: [string, unknown][] = [
    ['(x) => _async_to_generator(function* () { return x + (yield 1) })()', 3],
    ['(x) => (0, _asyncToGenerator2.default)(function* () { return x + (yield 1) })()', 3],
    ['(x) => _async_to_generator._(function* (y) { return y + (yield 1) }).call(null, x)', 3],
    ['(x) => _object_spread_props(_object_spread({}, { a: x }, { b: 1 }), { c: 2 })', { a: 2, b: 1, c: 2 }],
    ['(x) => _objectSpread2({}, { a: x })', { a: 2 }],
    ['(x) => _extends({}, { a: x })', { a: 2 }],
    ['(x) => { var _a = { a: x, b: 1 }; return _object_without_properties(_a, ["a"]) }', { b: 1 }],
    ['(x) => { var _a = _sliced_to_array([x, 5, 6], 2); return _a }', [2, 5]],
    ['(x) => _to_consumable_array(new Set([x]))', [2]],
    ['(x) => _define_property({}, "a", x)', { a: 2 }],
    [
      '(x) => { var A = function () { _classCallCheck(this, A) }; _createClass(A, [{ key: "m", value: function () { return x } }]); return new A().m() }',
      2,
    ],
    [
      '(x) => Promise.resolve().then(() => _interop_require_wildcard(require("node:path"))).then((it) => it.default.posix === it.posix && x)',
      2,
    ],
  ]
  for (const [one, result] of sources) t.deepEqual(await cross(new Function(`return (${one})`)())(2), result, one)
})

test('imports as compilers lower them', async (t) => {
  const sources = [
    "() => Promise.resolve().then(() => __importStar(require('node:path'))).then((it) => [it.sep, it.default.sep])",
    "() => Promise.resolve().then(() => __toESM(require('node:path'), 1)).then((it) => [it.sep, it.default.sep])",
    "() => Promise.resolve().then(() => tslib_1.__importStar(require('node:path'))).then((it) => [it.sep, it.default.sep])",
    "() => __vite_ssr_dynamic_import__('node:path').then((it) => [it.sep, it.default.sep])",
    "() => { const p = __require('node:path'); return [p.sep, p.sep] }",
    "() => { const p = __importDefault(require('node:path')); return [p.default.sep, p.default.sep] }",
  ]
  const { sep } = await import('node:path')
  for (const one of sources) t.deepEqual(await cross(new Function(`return (${one})`)())(), [sep, sep], one)
  for (const one of ["__vite_ssr_dynamic_import__('./x')", "__require('./x')", "__importStar(require('../x'))"]) {
    t.regex(refusal(new Function(`return () => ${one}`)()), /it loads "\.\.?\/x"/)
  }
})

test('import wrappers are captures: which module they are cannot be seen', (t) => {
  for (const one of [
    'node_path_1.join',
    '(0, import_node_path.join)',
    '__vi_import_0__.join',
    '__vite_ssr_import_0__.join',
    '_path.default.join',
  ]) {
    t.regex(refusal(new Function(`return (a, b) => ${one}(a, b)`)()), /looks like an import: load it inside/, one)
  }
})

test('counters of coverage tools count nothing and change nothing', async (t) => {
  const instrumented = `function clamp(x) {
    /* istanbul ignore next */
    cov_2qz8fp3mhr().f[0]++;
    const inner = (cov_2qz8fp3mhr().s[0]++, y => { cov_2qz8fp3mhr().f[1]++; cov_2qz8fp3mhr().s[1]++; return y; });
    cov_2qz8fp3mhr().s[2]++;
    if ((cov_2qz8fp3mhr().b[1][0]++, x > 10) || (cov_2qz8fp3mhr().b[1][1]++, x < 0)) { cov_2qz8fp3mhr().b[0][0]++; cov_2qz8fp3mhr().s[3]++; return 0; }
    else { cov_2qz8fp3mhr().b[0][1]++; }
    cov_2qz8fp3mhr().s[4]++;
    return inner(x);
  }`
  for (const counter of ['cov_2qz8fp3mhr', 'e']) {
    const clamp = cross(new Function(`return ${instrumented.replaceAll('cov_2qz8fp3mhr', counter)}`)())
    t.deepEqual([clamp(5), clamp(50), clamp(-1)], [5, 0, 0])
  }
})
