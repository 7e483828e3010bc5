// What cannot be cloned is refused, with the way to it, and whatever it is nothing else happens.

import test from 'ava'
import { NotCloneableError } from '../dist/ts/errors.js'
import { Encoder, checkCloneable, findUncloneable } from '../dist/ts/codec/index.js'

function* generate(): Generator<number> {
  yield 1
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const detached = new Uint8Array(8)
structuredClone(detached, { transfer: [detached.buffer] })
const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error('trap')
    },
    ownKeys: () => {
      throw new Error('trap')
    },
    getPrototypeOf: () => {
      throw new Error('trap')
    },
  },
)
const cyclic: Record<string, unknown> = { list: [1] }
cyclic['self'] = cyclic
cyclic['next'] = { bad: () => 1 }

const table: Record<string, [value: unknown, path: string, message?: RegExp]> = {
  'a function': [() => 1, 'result', /^result cannot be cloned: it is a function without a name$/],
  'a symbol': [Symbol('s'), 'result', /the symbol Symbol\(s\)/],
  'a method far inside': [
    { rows: [0, 1, 2, { callback() {} }] },
    'result.rows[3].callback',
    /it is the function callback$/,
  ],
  'the first of several': [{ a: { ok: 1, b: () => 1 }, c: () => 1 }, 'result.a.b'],
  'odd keys': [{ 'a b': { 0: [Symbol('x')] } }, 'result["a b"]["0"][0]'],
  'a value of a map': [new Map([['k', [() => 1]]]), 'result.get("k")[0]'],
  'a key of a map': [new Map([[Symbol('k'), 1]]), 'result.keys()[0]'],
  'an element of a set': [{ of: new Set([1, () => 1]) }, 'result.of.values()[1]'],
  'a field of an instance': [
    new (class Job {
      run = () => 1
    })(),
    'result.run',
  ],
  'a promise': [{ p: Promise.resolve(1) }, 'result.p', /a Promise/],
  'a weak map': [[new WeakMap()], 'result[0]', /an object of class WeakMap/],
  'a generator': [{ g: generate() }, 'result.g'],
  'a boxed symbol': [[Object(Symbol('b'))], 'result[0]'],
  'a proxy': [{ p: new Proxy({}, {}) }, 'result.p', /a Proxy/],
  'a proxy full of traps': [[trap], 'result[0]', /a Proxy/],
  'a revoked proxy': [[revoked.proxy], 'result[0]', /a Proxy/],
  'detached memory': [{ bytes: detached }, 'result.bytes'],
  'a port': [{ port: new MessageChannel().port1 }, 'result.port', /MessagePort/],
  'a stream': [new ReadableStream(), 'result', /ReadableStream/],
  'a getter that throws': [
    {
      get x() {
        throw new RangeError('got')
      },
    },
    'result.x',
    /a getter that throws/,
  ],
  'behind a cycle': [cyclic, 'result.next.bad'],
  'a namespace of a module': [await import('node:path'), 'result'],
}
for (const [name, [value, path, message]] of Object.entries(table)) {
  test(name, (t) => {
    const encoder = new Encoder()
    encoder.item(1)
    const error = t.throws(() => encoder.item(value, 'result'), {
      instanceOf: NotCloneableError,
      code: 'ERR_NOT_CLONEABLE',
    })
    t.is(error!.path.startsWith('result') ? error!.path : '', path)
    if (message) t.regex(error!.message, message)
    t.is(encoder.length, 1)
    t.is(encoder.parcels.length, 0)
    t.is(findUncloneable(value, 'item'), path.replace('result', 'item'))
    t.throws(() => checkCloneable(value, 'argument 0'), { instanceOf: NotCloneableError })
  })
}

test('the error of a getter is the cause', (t) => {
  const error = t.throws(() =>
    checkCloneable(
      {
        get x() {
          throw new RangeError('got')
        },
      },
      'item',
    ),
  )
  t.is((error!.cause as Error).message, 'got')
})

test('what can be cloned is not complained about', (t) => {
  t.notThrows(() => checkCloneable({ a: [new Map(), new Error('x'), new SharedArrayBuffer(1), new Blob([])] }, 'item'))
})

for (const [name, nest] of Object.entries({
  records: (inner: unknown): unknown => ({ inner }),
  lists: (inner: unknown): unknown => [inner],
  maps: (inner: unknown): unknown => new Map([[1, inner]]),
  instances: (inner: unknown): unknown => Object.assign(Object.create({}), { inner }),
  causes: (inner: unknown): unknown => new Error('x', { cause: inner }),
})) {
  test(`a million nested ${name} are refused`, (t) => {
    // Without stacks: a million of them take longer than the test.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    let value: unknown = 1
    for (let i = 0; i < 1e6; i++) value = nest(value)
    Error.stackTraceLimit = stackTraceLimit
    const encoder = new Encoder()
    const error = t.throws(() => encoder.item(value), {
      instanceOf: NotCloneableError,
      message: /nested deeper than 1000 levels/,
    })
    t.is(error!.path, 'item')
    encoder.item(5)
    t.is(encoder.length, 1)
  })

  test(`nine hundred nested ${name} are carried`, (t) => {
    let value: unknown = 1
    for (let i = 0; i < 900; i++) value = nest(value)
    t.notThrows(() => new Encoder().item(value))
  })
}

test('near the end of the stack an item is refused, and the encoder goes on', (t) => {
  const encoder = new Encoder()
  let value: unknown = 1
  for (let i = 0; i < 900; i++) value = { value }
  let refusals = 0
  let left = 300
  const dive = (): void => {
    try {
      dive()
    } catch {}
    if (left-- < 0) return
    try {
      encoder.item(value)
    } catch {
      refusals++
    }
  }
  dive()
  encoder.reset()
  encoder.item(1)
  t.is(encoder.length, 1)
  t.true(refusals > 0)
})

test('memory over 1 GiB is refused before it is copied', (t) => {
  const huge = new ArrayBuffer(2 ** 30 + 1)
  const encoder = new Encoder()
  const before = process.memoryUsage().rss
  for (const value of [huge, new Uint8Array(huge), [huge, huge], Object.assign(Object.create({}), { huge })]) {
    t.throws(() => encoder.item(value), { code: 'ERR_PAYLOAD_TOO_LARGE' })
  }
  t.true(process.memoryUsage().rss - before < 2 ** 28)
  t.is(encoder.length, 0)
})
