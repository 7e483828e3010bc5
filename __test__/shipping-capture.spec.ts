// What cannot be shipped, and what the error says about it.
/* oxlint-disable no-unused-vars, no-eval, no-extra-bind, typescript/no-extraneous-class -- the odd things are the point */
import test from 'ava'
import { cross, refusal } from './fixtures/shipping.ts'
import { ship } from '../dist/ts/shipping/ship.js'

const factor = 2
const table: number[] = []
let total = 0

test('names the function, each variable and every way out', (t) => {
  const message = refusal(function score(x: number) {
    return x * factor + table[x]! + factor
  })
  t.is(
    message,
    [
      '`score` cannot run in a worker: it uses `factor` and `table` from the code around it, which stays behind.',
      'Ways out:',
      '  - pass `factor` and `table` in `use: { factor, table }` and read from the context: `(…, { use }) => … use.factor …`',
      '  - put it in a module of its own and call it through `workerModule(url)`',
      "  - run it here, with `on: 'caller'`",
    ].join('\n'),
  )
})

test('a function without a name, and one in `use`', (t) => {
  t.regex(refusal([() => factor][0]!), /^The function cannot run in a worker: it uses `factor` from/)
  t.regex(
    refusal(() => factor, 'use.scale'),
    /^`use\.scale` cannot run in a worker/,
  )
})

test('the error is new each time, and is a CaptureError', (t) => {
  const fn = (x: number): number => x * factor
  const first = t.throws(() => ship(fn), { code: 'ERR_CAPTURE', name: 'CaptureError' })
  t.deepEqual((first as Error & { variables?: string[] }).variables, ['factor'])
  const second = t.throws(() => ship(fn), { code: 'ERR_CAPTURE' })
  t.not(first, second)
})

test('assignments, recursion by a variable, imports and the names of modules get a hint', (t) => {
  t.regex(
    refusal((x: number) => (total += x)),
    /what it assigns to `total` would never be seen here/,
  )
  const fact = (n: number): number => (n ? n * fact(n - 1) : 1)
  t.regex(refusal(fact), /write it as `function fact\(…\) \{…\}`/)
  const make = new Function('node_fs_1', 'return () => node_fs_1.readFileSync(0)')
  t.regex(
    refusal(make()),
    /`node_fs_1` looks like an import: load it inside, with `require\('…'\)` or `await import\('…'\)`/,
  )
  t.regex(refusal(new Function('__filename', 'return () => __filename')('')), /`__filename` belongs to its file/)
})

const object = {
  method: { f() {} }.f,
  asyncMethod: { async f() {} }.f,
  generatorMethod: { *f() {} }.f,
  computed: { ['a b']() {} }['a b'],
  getter: Object.getOwnPropertyDescriptor(
    {
      get f() {
        return 1
      },
    },
    'f',
  )!.get!,
  setter: Object.getOwnPropertyDescriptor({ set f(_: number) {} }, 'f')!.set!,
  static: class {
    static f() {}
  }.f,
}

for (const [what, fn, reason] of [
  ['a method', object.method, /it is a method/],
  ['an async method', object.asyncMethod, /it is a method/],
  ['a generator method', object.generatorMethod, /it is a method/],
  ['a computed method', object.computed, /it is a method/],
  ['a static method', object.static, /it is a method/],
  ['a getter', object.getter, /it is a getter/],
  ['a setter', object.setter, /it is a setter/],
  ['a class', class A {}, /^`A` cannot run in a worker: it is a class/],
  ['a bound function', (() => 1).bind(null), /built in or bound/],
  ['an unreachable built-in', String.prototype.trim, /^`trim`.*built in or bound/],
  ['a proxy', new Proxy(() => 1, {}), /built in or bound/],
  [
    'this',
    function (this: { x: 1 }) {
      return this.x
    },
    /it uses `this`/,
  ],
  [
    'this in an arrow',
    function (this: unknown) {
      return () => this
    }.call(1),
    /it uses `this`/,
  ],
  [
    'super',
    {
      f() {
        return () => super.toString()
      },
    }.f(),
    /it uses `super`/,
  ],
  [
    'new.target',
    new (function (this: any) {
      this.f = () => new.target
    } as any)().f,
    /it uses `new\.target`/,
  ],
  [
    'arguments',
    (function (..._: number[]) {
      return () => arguments.length
    })(1),
    /it uses `arguments`/,
  ],
  ['import.meta', () => import.meta.url, /it uses `import\.meta`/],
  ['direct eval', (x: string) => eval(x), /it calls `eval`/],
  ['a relative import', () => import('./x.js' as string), /it loads "\.\/x\.js"/],
  ['a relative import one up', () => import('../x.js' as string), /it loads "\.\.\/x\.js"/],
  ['a relative require', () => require('./x.js'), /it loads "\.\/x\.js"/],
  ['a relative require.resolve', () => require.resolve('../x.js'), /it loads "\.\.\/x\.js"/],
  ['typeof of an unknown name', new Function('return () => typeof unknown_')(), /it uses `unknown_`/],
  ['a default that is free', (x = factor) => x, /it uses `factor`/],
  [
    'a private name',
    class {
      #x = 1
      static f = (o: any) => o.#x
    }.f,
    /it uses a private name/,
  ],
  [
    'a method with private names',
    class {
      #x = 1
      f() {
        return this.#x
      }
    }.prototype.f,
    /it is a method/,
  ],
] as [string, Function, RegExp][]) {
  test(`refuses ${what}`, (t) => {
    const message = refusal(fn)
    t.regex(message, reason)
    t.regex(message, /workerModule\(url\)/)
    t.regex(message, /on: 'caller'/)
  })
}

test('several reasons stand in one message', (t) => {
  const message = refusal(function (this: unknown) {
    return [this, factor, import('./y.js' as string)]
  })
  for (const part of [/it uses `this`;/, /it loads "\.\/y\.js"/, /it uses `factor`/]) t.regex(message, part)
})

test('a global added by the program is not in the workers', (t) => {
  Object.assign(globalThis, { addedByProgram: 1, expect: 2 })
  t.regex(refusal(new Function('return () => addedByProgram')()), /it uses `addedByProgram`/)
  t.regex(refusal(new Function('return () => expect')()), /it uses `expect`/)
})

test('globals of the language and of Node may be used', (t) => {
  const names = [
    'Array Map Promise Symbol Intl WebAssembly Atomics SharedArrayBuffer globalThis undefined NaN escape',
    'Buffer process console setTimeout queueMicrotask structuredClone fetch URL TextEncoder AbortController crypto',
    'performance Blob ReadableStream MessageChannel DOMException Event global atob',
  ].flatMap((line) => line.split(' '))
  for (const name of names) t.notThrows(() => ship(new Function(`return () => ${name}`)()), name)
})

test('what looks tied but is not', (t) => {
  t.is(
    cross(() =>
      new (class {
        x = this
        y() {
          return this.x === this
        }
      })().y(),
    )(),
    true,
  )
  t.is(
    cross(function (..._: number[]) {
      return arguments.length
    })(1, 2),
    2,
  )
  t.is(cross(() => (0, eval)('1 + 1'))(), 2)
  t.is(
    cross(function () {
      return typeof new.target
    })(),
    'undefined',
  )
  t.is(
    cross(() =>
      ({
        f() {
          return super.toString === Object.prototype.toString
        },
      }).f(),
    )(),
    true,
  )
  t.is(
    cross(function fact(n: number): number {
      return n ? n * fact(n - 1) : 1
    })(5),
    120,
  )
})
