/** What the faults are, as functions of one item that every library can call. */
import { pbkdf2Sync } from 'node:crypto'

const pending = () => new Promise((resolve) => setTimeout(resolve, 600_000))

export const tasks = {
  same: (item) => item,
  throwsError() {
    throw new RangeError('thrown')
  },
  async throwsLater() {
    await null
    await new Promise((resolve) => setTimeout(resolve, 5))
    throw new RangeError('thrown')
  },
  throwsNull() {
    throw null
  },
  rejectsUndefined: () => Promise.reject(),
  throwsDetailed() {
    throw Object.assign(new RangeError('own', { cause: new TypeError('inner') }), { code: 'E_TAX' })
  },
  throwsAggregate() {
    throw new AggregateError([new RangeError('one'), new TypeError('two')], 'several')
  },
  throwsGetters() {
    const error = new RangeError('getters')
    for (const name of ['message', 'stack', 'cause'])
      Object.defineProperty(error, name, {
        get() {
          throw new Error(`looked at ${name}`)
        },
      })
    throw error
  },
  returnsFunction: () => ({ rows: [1, { callback() {} }] }),
  returnsGetter: () => ({
    get boom() {
      throw new RangeError('getter')
    },
  }),
  returnsDeep() {
    let deep = null
    for (let i = 0; i < 1_000_000; i++) deep = { deep }
    return deep
  },
  exits: () => process.exit(7),
  exitsCleanly: () => process.exit(0),
  exitsTicking() {
    setImmediate(() => process.exit(7))
    return pending()
  },
  fillsHeap() {
    const kept = []
    for (;;) kept.push({ kept: [kept.length] })
  },
  overflows: function recurse() {
    return 1 + recurse()
  },
  loops() {
    for (;;);
  },
  matches: () => /^(a+)+$/.test(`${'a'.repeat(60)}!`),
  waits: pending,
  derives: () => pbkdf2Sync('password', 'salt', 25_000_000, 64, 'sha512').length,
  neverSettles: () => new Promise(() => {}),
  uncaughtWhilePending() {
    setImmediate(() => {
      throw new RangeError('uncaught')
    })
    return pending()
  },
  floats() {
    void Promise.reject(new RangeError('floating'))
    return pending()
  },
  uncaughtAfterReturn() {
    setImmediate(() => {
      throw new RangeError('late')
    })
    return 'returned'
  },
  patchesThen() {
    // oxlint-disable-next-line no-extend-native -- that is the fault
    Promise.prototype.then = () => {
      throw new Error('patched')
    }
    return Promise.resolve('patched')
  },
  freezes() {
    for (const { prototype } of [Object, Array, Promise, Error]) Object.freeze(prototype)
    throw new RangeError('thrown')
  },
}
