// Sources of every kind come back as the function they were.
import test from 'ava'
import { assert, integer, property, string } from 'fast-check'
import { isAsync } from '../dist/ts/shipping/lane-of.js'
import { ship } from '../dist/ts/shipping/ship.js'
import { assemble } from '../dist/ts/shipping/assemble.js'
import { cross, main } from './fixtures/shipping.ts'

/** Sources as they are, which a loader of TypeScript would have tidied; each is called with 3 and 4. */
const sources: [source: string, result: unknown][] = [
  ['x => x', 3],
  ['(x,y)=>x*y', 12],
  ['(\n  x, // first\n  y /* second */,\n) => x + y', 7],
  ['(x) => ({ x })', { x: 3 }],
  ['(x) => { return { x } } ', { x: 3 }],
  ['function(x){return x}', 3],
  ['function /* a */ name /* b */ ( x ) /* c */ { return x /* d */ }', 3],
  ['function f(x) { return x > 0 ? f(x - 1) + 1 : 0 }', 3],
  ['(x, y = x + 1, ...rest) => [x, y, rest.length]', [3, 4, 0]],
  ['({ length = 7 }, { a = 1 } = {}) => length + a', 8],
  ['(x = (() => 5)()) => x', 3],
  ['(x) => { const { a, ...rest } = { a: x, b: 1 }; return rest }', { b: 1 }],
  ['function* (x) { yield x; yield* [1, 2] }', [3, 1, 2]],
  ['(x) => [...(function* () { yield x })()]', [3]],
  ['(x) => `a${`b${x}`}\\`c`', 'ab3`c'],
  ['(x) => ((s, ...v) => s.raw.join("|") + v)`\\n${x}\\u0061`', '\\n|\\u00613'],
  ['(x) => "</script><!-- \\u2028 \\0 \u2028"', '</script><!-- \u2028 \0 \u2028'],
  ["(x) => 'it\\'s \\\n fine'", "it's  fine"],
  ['(x) => /[/`"]\\//u.test("`/") + x', 4],
  ["(x) => { // comment with ` and */ and '\n return x // end\n}", 3],
  ['(x) => { /* ` ${ */ return x }', 3],
  ['(x) =>\r\n{\r\n  return x\r\n}', 3],
  ['x\t=>\u00a0x', 3],
  ['(é, 漢字) => é + 漢字 + "😀".length', 9],
  ['(\\u0061) => a', 3],
  ['(x) => { outer: for (;;) { for (;;) break outer } return x }', 3],
  [
    '(x) => { class A { #p = x; static s = 1; get p() { return this.#p } static { this.t = 2 } } return new A().p + A.s + A.t }',
    6,
  ],
  [
    '(x) => { class A { constructor() { this.a = x } } class B extends A { constructor() { super() } } return new B().a }',
    3,
  ],
  ['(x) => { let y = 1; { let y = 2; { var z = y } } return x + y + z }', 6],
  ['(x) => { const Math = { sqrt: () => 9 }; return Math.sqrt(x) }', 9],
  ['(undefined_) => typeof undefined_', 'number'],
  ['(x) => x?.y?.z ?? (x ||= 1, x)', 3],
  ['(x) => { try { throw x } catch (e) { return e } finally { x = 0 } }', 3],
  ['(x) => { try { throw { x } } catch ({ x: [e] = [8] }) { return e } }', undefined],
  ['(x) => new Function("a", "return a")(x)', 3],
  ['(x) => { switch (x) { case 3: return "three"; default: return "other" } }', 'three'],
  ['(x) => x ** 2 >> 1 >>> 0', 4],
  ['(x) => [1n, 0x1F, 0b11, 1_000][x]', 1000],
  ['(async) => async', 3],
  ['async => async', 3],
  ['(x, y) => (x, y)', 4],
  ['(of) => { for (of of [1, 2]); return of }', 2],
  ['(get, set) => ({ get, set, async: 1, static: 2 })', { get: 3, set: 4, async: 1, static: 2 }],
  ['(x) => { "use strict"; return x }', 3],
  ['function (x) { return (function () { return this })() }', undefined],
  ['(x) => `${x}` + (() => { return `}` })()', '3}'],
  ['(x)=>x--\n>1', true],
]

/** Generators by what they give. */
const plain = (value: any): unknown => (value?.[Symbol.iterator] && typeof value !== 'string' ? [...value] : value)

for (const [source, result] of sources) {
  test(`source ${JSON.stringify(source)}`, (t) => {
    const fn = new Function(`'use strict'; return (${source}\n)`)() as (...args: number[]) => any
    const copy = cross(fn)
    if (result !== undefined || !source.includes('catch ({')) t.deepEqual(plain(copy(3, 4)), result)
    else t.is(t.throws(() => copy(3, 4))?.name, t.throws(() => fn(3, 4))?.name)
    t.is(copy.length, fn.length)
    t.is(copy.name, fn.name)
    t.false(isAsync(fn))
  })
}

const sloppy: [source: string, result: unknown][] = [
  ['function (o) { with ({ length: 5 }) { return length } }', undefined],
  ['() => 010', 8],
  ["() => '\\101'", 'A'],
  ['function (a, a) { return a }', 4],
  ['function () { var yield = 1, let = 2, static = 3; return yield + let + static }', 6],
  ['function (a) { return delete a }', false],
  ['function () { return (function () { return typeof this })() + 010 }', 'object8'],
]

for (const [source, result] of sloppy) {
  test(`outside strict mode: ${JSON.stringify(source)}`, (t) => {
    const fn = new Function(`return (${source}\n)`)() as Function
    // The body of `with` may read anything: its names count as free.
    if (source.includes('with')) t.throws(() => ship(fn), { code: 'ERR_CAPTURE' })
    else t.is(cross(fn)(3, 4), result)
  })
}

test('the name is the given one where the source has none', (t) => {
  const copy = cross((x: number) => x, 'scale')
  t.is(copy.name, 'scale')
  t.is(cross(function own() {}, 'other').name, 'own')
})

test('stacks show the name, the line and the column in the source', (t) => {
  const fn = new Function("return (x) => { throw new Error('here') }")() as Function
  const [, frame] = t.throws(() => cross(fn, 'thumb')()).stack!.split('\n')
  t.regex(frame!, /at thumb \(everycore:thumb:1:16\)/)
  const later = new Function("return (x) => {\n\n    throw new Error('there')\n}")() as Function
  t.regex(t.throws(() => cross(later, 'a b\nc')()).stack!, /everycore:a_b_c:3:11/)
  const loads = new Function("return (x) => [import('node:fs'), (() => { throw new Error('behind') })()]")() as Function
  t.regex(t.throws(() => cross(loads, 'load')()).stack!, /everycore:load:1:43/)
})

test('the same text ships once, whatever closure it is from', (t) => {
  const closures = [1, 2].map(() => (x: number) => x + 1)
  t.not(closures[0], closures[1])
  t.is(ship(closures[0]!), ship(closures[1]!))
})

test('shipping never asks the function for its text', (t) => {
  const fn = Object.assign((x: number) => x + 1, { toString: () => 'evil()' })
  t.is(cross(fn)(1), 2)
})

test('lone surrogates and every kind of character in strings and comments', (t) => {
  assert(
    property(string({ unit: integer({ min: 0, max: 0xffff }).map((it) => String.fromCharCode(it)) }), (text) => {
      const comment = text.replace(/\*\//g, '').replace(/[\r\n\u2028\u2029]/g, ' ')
      const source = `(x) => { /* ${comment} */ const import_ = ${JSON.stringify(text)}; return [x, import_, () => import('node:fs')] }`
      const fn = new Function(`return (${source})`)() as Function
      const [x, value, load] = assemble(ship(fn), main, 'f')(1)
      return x === 1 && value === text && typeof load === 'function'
    }),
    { numRuns: 200 },
  )
  t.pass()
})
