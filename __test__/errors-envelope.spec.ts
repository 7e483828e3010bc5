// Whatever a function throws comes back as itself, and nothing that it throws can harm the way back.

import test from 'ava'
import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { types } from 'node:util'
import vm from 'node:vm'
import * as ours from '../dist/ts/errors.js'
import { dismantle, rebuild } from '../dist/ts/codec/index.js'
import { receive, send } from './fixtures/codec.ts'

function trip<T = any>(thrown: T, callStack?: string): T {
  return rebuild(receive(send([dismantle(thrown)]))[0] as never, callStack) as T
}

function caught(fn: () => unknown): Error & Record<string, unknown> {
  try {
    fn()
  } catch (error) {
    return error as never
  }
  throw new Error('did not throw')
}

class Registered extends RangeError {
  static made = 0
  readonly at: Map<string, number>
  constructor(at: Map<string, number>) {
    super('registered')
    Registered.made++
    this.at = at
  }
  get place(): string {
    return [...this.at.keys()].join()
  }
}
ours.registerError(Registered)
class Unregistered extends TypeError {}
class Named extends Error {
  override name = 'NamedByItself'
}
class Getting extends Error {
  override get name(): string {
    return 'FromGetter'
  }
}
ours.registerError(Getting)
// oxlint-disable-next-line no-extraneous-class -- as classes were made before 2015
class Ancient {}
Object.setPrototypeOf(Ancient.prototype, Error.prototype)

test('built-in classes come back as themselves', (t) => {
  for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    const error = new Class('text', { cause: 5 })
    const back = trip(error)
    t.is(Object.getPrototypeOf(back), Class.prototype)
    t.true(types.isNativeError(back))
    t.is(back.message, 'text')
    t.is(back.cause, 5)
    t.deepEqual(Object.keys(back), [])
    t.is(back.stack, error.stack)
    t.deepEqual(Reflect.ownKeys(back).toSorted(), Reflect.ownKeys(error).toSorted())
  }
})

test('an error without a message has none', (t) => {
  t.false(Object.hasOwn(trip(new Error()), 'message'))
})

test('AggregateError keeps its errors, also those that are none', (t) => {
  const back = trip(
    new AggregateError([new TypeError('a'), 'b', null, new AggregateError([new RangeError('c')])], 'all'),
  )
  t.true(back instanceof AggregateError)
  t.true(back.errors[0] instanceof TypeError)
  t.deepEqual(back.errors.slice(1, 3), ['b', null])
  t.true(back.errors[3].errors[0] instanceof RangeError)
})

test('DOMException keeps name and code', (t) => {
  const back = trip(new DOMException('gone', 'AbortError'))
  t.true(back instanceof DOMException)
  t.like(back, { name: 'AbortError', message: 'gone', code: 20 })
  t.is(trip(caught(() => structuredClone(() => 1)))['name'], 'DataCloneError')
})

test('the errors of node keep code and properties', (t) => {
  const missing = trip(caught(() => readFileSync('/does/not/exist')))
  t.like(missing, { code: 'ENOENT', syscall: 'open', path: '/does/not/exist', name: 'Error' })
  const wrong = trip(caught(() => Buffer.from(5 as never)))
  t.true(wrong instanceof TypeError)
  t.like(wrong, { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' })
  const failed = trip(caught(() => assert.strictEqual(1, 2)))
  t.true(failed instanceof assert.AssertionError)
  t.like(failed, { actual: 1, expected: 2, operator: 'strictEqual', code: 'ERR_ASSERTION' })
})

test('a registered class comes back without its constructor being run', (t) => {
  const error = new Registered(new Map([['x', 1]]))
  const { made } = Registered
  const back = trip(error)
  t.is(Registered.made, made)
  t.true(back instanceof Registered)
  t.is(back.place, 'x')
  t.is(trip(new Getting('x')).name, 'FromGetter')
})

test('a subclass of a registered class comes back as that class, by its own name', (t) => {
  class Closer extends Registered {}
  const back = trip(new Closer(new Map()))
  t.is(Object.getPrototypeOf(back), Registered.prototype)
  t.is(back.name, 'Closer')
})

test('a class that is not registered comes back as the nearest known, by its own name', (t) => {
  const back = trip(new Unregistered('text'))
  t.is(Object.getPrototypeOf(back), TypeError.prototype)
  t.is(back.name, 'Unregistered')
  t.deepEqual(Object.keys(back), [])
  t.is(trip(new Named('x')).name, 'NamedByItself')
  const old = trip(Object.assign(new Ancient(), { message: 'old way' })) as Error
  t.true(old instanceof Error)
  t.is(old.message, 'old way')
  t.is(old.name, 'Ancient')
})

test('a class registered in the worker only comes back as the nearest built-in', (t) => {
  const record = JSON.parse(
    JSON.stringify(dismantle(new Registered(new Map()))).replaceAll('"Registered"', '"OnlyThere"'),
  ) as never
  const back = rebuild(record) as Error
  t.is(Object.getPrototypeOf(back), RangeError.prototype)
  t.is(back.message, 'registered')
})

test('errors of this package come back as themselves', (t) => {
  const late = trip(new ours.TimeoutError('late'))
  t.true(late instanceof ours.TimeoutError)
  t.is(Object.getPrototypeOf(late), ours.TimeoutError.prototype)
  t.is(late.code, 'ERR_TIMEOUT')
  t.is(trip(new ours.CancelledError('x')).name, 'AbortError')
  t.is(trip(new ours.NotCloneableError('x', { path: 'item.a' })).path, 'item.a')
  const failures = [{ index: 1, error: new TypeError('x'), attempt: 2 }]
  const parallel = trip(new ours.ParallelError({ total: 2, failures, results: [5] }))
  t.true(parallel instanceof ours.ParallelError)
  t.is(parallel.failures[0]!.error, parallel.errors[0])
  t.is(parallel.cause, parallel.errors[0])
  t.true(parallel.cause instanceof TypeError)
  t.like(parallel.failures[0], { index: 1, attempt: 2 })
  t.deepEqual(parallel.results, [5])
})

test('own properties of any kind come along, hidden ones hidden', (t) => {
  const bytes = Buffer.from('bytes')
  const inner = new Unregistered('inner')
  const error = Object.assign(new Error('x'), {
    when: new Date(5),
    bytes,
    list: [1, { a: new Map([[1, 2]]) }],
    inner,
    details: { inner, and: [inner] },
    undef: undefined,
  })
  Object.defineProperty(error, 'hidden', { value: 7 })
  Object.defineProperty(error, '__proto__', { value: 'own', enumerable: true })
  const back = trip(error)
  t.deepEqual(back.when, new Date(5))
  t.true(Buffer.isBuffer(back.bytes))
  t.deepEqual(back.list, error.list)
  t.is(back.inner.name, 'Unregistered')
  t.is(back.details.inner, back.inner)
  t.is(back.details.and[0], back.inner)
  t.true('undef' in back)
  t.deepEqual(Object.getOwnPropertyDescriptor(back, 'hidden'), {
    value: 7,
    writable: true,
    configurable: true,
    enumerable: false,
  })
  t.is(Object.getOwnPropertyDescriptor(back, '__proto__')!.value, 'own')
  t.true(back instanceof Error)
})

test('what cannot be cloned is left out, and nothing else', (t) => {
  const error = Object.assign(new Error('x'), {
    ok: 1,
    fn: () => 1,
    sym: Symbol('s'),
    promise: Promise.resolve(),
    proxy: new Proxy([], {}),
    last: 2,
  })
  t.deepEqual({ ...trip(error) } as unknown, { ok: 1, last: 2 })
})

test('shared memory in a property is shared', (t) => {
  const memory = new SharedArrayBuffer(1)
  new Uint8Array(trip(Object.assign(new Error('x'), { memory })).memory)[0] = 9
  t.is(new Uint8Array(memory)[0], 9)
})

test('cycles through cause, errors and properties are kept', (t) => {
  const a = new Error('a')
  const b = Object.assign(new AggregateError([a], 'b', { cause: a }), { self: null as unknown })
  a.cause = b
  b.self = b
  const back = trip(a)
  const other = back.cause as typeof b
  t.is(other.cause, back)
  t.is(other.errors[0], back)
  t.is(other.self, other)
})

test('a chain of a million causes is cut, and says so', (t) => {
  let error = new Error('first')
  for (let i = 0; i < 1e6; i++) error = new Error('later', { cause: error })
  let at: unknown = trip(error)
  let length = 0
  while (at instanceof Error) {
    length++
    at = at.cause
  }
  t.is(length, 101)
  t.regex(String(at), /cut off/)
})

test('getters are not run', (t) => {
  const error = new Error('x')
  // `stack` first: V8 makes its text from name and message when it is replaced.
  for (const key of ['stack', 'message', 'name', 'cause', 'code', 'extra'])
    Object.defineProperty(error, key, { enumerable: true, get: () => t.fail() })
  const back = trip(error)
  t.true(back instanceof Error)
  t.deepEqual(Object.keys(back), [])
})

test('values that are no errors come in a TaskError', (t) => {
  for (const thrown of ['text', '', null, undefined, 0, -0, NaN, false, 5n, { a: new Map([[1, 2]]) }, [1]]) {
    const back = trip<unknown>(thrown) as Error
    t.true(back instanceof ours.TaskError)
    t.true(Object.hasOwn(back, 'cause'))
    t.deepEqual(back.cause, thrown)
  }
  t.is((trip<unknown>('text') as Error).message, 'the function threw "text"')
})

test('values that cannot cross are described', (t) => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const said = (thrown: unknown): string => {
    const back = trip(thrown) as Error
    t.true(back instanceof ours.TaskError)
    t.false(Object.hasOwn(back, 'cause'))
    return back.message
  }
  t.is(
    said(function named() {}),
    'the function threw the function named, which cannot be cloned',
  )
  t.is(said(Symbol('s')), 'the function threw the symbol Symbol(s), which cannot be cloned')
  t.is(said(Promise.resolve()), 'the function threw a Promise, which cannot be cloned')
  t.is(said({ fn: () => 1 }), 'the function threw an object, which cannot be cloned')
  t.is(said(new Proxy(new Error('x'), { get: () => t.fail() })), 'the function threw a Proxy, which cannot be cloned')
  t.is(said(revoked.proxy), 'the function threw a Proxy, which cannot be cloned')
  t.is(
    said({
      get x() {
        throw new Error('no')
      },
    }),
    'the function threw an object, which cannot be cloned',
  )
})

test('errors of other realms are errors', (t) => {
  const back = trip(
    vm.runInNewContext(
      'class Mine extends RangeError {}; Object.assign(new Mine("there"), { code: "X", cause: new TypeError("inner") })',
    ),
  ) as Error & { code: string }
  t.true(back instanceof RangeError)
  t.like(back, { message: 'there', code: 'X', name: 'Mine' })
  t.true(back.cause instanceof TypeError)
  const old = trip(
    vm.runInNewContext('Object.assign(Object.create(Error.prototype), { message: "made by hand" })'),
  ) as Error
  t.true(old instanceof Error)
  t.is(old.message, 'made by hand')
})

test('frozen errors and errors without a prototype come back', (t) => {
  t.is(trip(Object.freeze(new Error('frozen'))).message, 'frozen')
  const bare = trip(Object.setPrototypeOf(new Error('bare'), null)) as Error
  t.true(bare instanceof Error)
  t.is(bare.message, 'bare')
})

test('the frames of the call stand below those of the worker, and none of ours', (t) => {
  const error = new Error('x')
  const dist = new URL('../dist/', import.meta.url)
  error.stack = `Error: x\nsecond line of the message\n    at work (/app/work.js:1:2)\n    at run (${dist.pathname}ts/worker/frame.js:1:1)\n    at node:internal/x:1:1\n    at new Promise (<anonymous>)\n    at ${dist.href}index.mjs:1:1\n    at after (/app/after.js:1:1)`
  const call = `Error\n    at parMap (${dist.pathname}ts/par-map.js:1:1)\n    at main (/app/main.js:3:4)\n    at node:internal/main:1:1`
  t.is(
    trip(error, call).stack,
    'Error: x\nsecond line of the message\n    at work (/app/work.js:1:2)\n    at after (/app/after.js:1:1)\n    at main (/app/main.js:3:4)\n    at node:internal/main:1:1',
  )
  const text = trip<unknown>('text', call) as Error
  t.is(
    text.stack,
    'TaskError: the function threw "text"\n    at main (/app/main.js:3:4)\n    at node:internal/main:1:1',
  )
})

test('an odd prepareStackTrace does no harm', (t) => {
  const { prepareStackTrace } = Error
  const errors = [new Error('a'), new Error('b')]
  const ways = [
    (): never => {
      throw new Error('no')
    },
    (): number => 5,
  ]
  const backs = errors.map((error, i) => {
    Error.prepareStackTrace = ways[i]!
    const record = dismantle(error)
    Error.prepareStackTrace = prepareStackTrace
    return rebuild(record, 'Error\n    at main (/app/main.js:3:4)') as Error
  })
  t.deepEqual(
    backs.map((back) => back.message),
    ['a', 'b'],
  )
  t.is(backs[1]!.stack, 'Error: b\n    at main (/app/main.js:3:4)')
})
