// Items that fight back when they are looked at fail alone, wherever their function runs; a function on the caller gets them as they are.
import test from 'ava'
import { createPool, parMap, zip } from 'everycore'
import { hazards } from './support/hazards.ts'

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const throwing = {
  get then(): never {
    throw new RangeError('looked')
  },
}

/** A promise that `Promise.resolve` trips over. */
function oddPromise(): Promise<number> {
  const odd = Promise.resolve(1)
  Object.defineProperty(odd, 'constructor', {
    get() {
      throw new RangeError('looked')
    },
  })
  return odd
}

const sources: Record<string, (items: unknown[]) => Iterable<unknown> | AsyncIterable<unknown>> = {
  array: (items) => items,
  set: (items) => new Set(items),
  generator: function* (items) {
    yield* items
  },
  'async iterator': (items) => {
    const iterator = items.values()
    return { [Symbol.asyncIterator]: () => ({ next: async () => iterator.next() }) } as AsyncIterable<unknown>
  },
}

for (const [what, make] of Object.entries(sources)) {
  test(`in workers, from ${what}`, async (t) => {
    const pool = createPool({ workers: 1 })
    const items = make([1, revoked(), 2, throwing, 3, oddPromise(), 4])
    const outcomes = (await pool.parMap(items as Iterable<unknown>, hazards.same as never).settled()) as never[]
    for (const [at, value] of [1, , 2, , 3, , 4].entries()) {
      if (value !== undefined) t.deepEqual(outcomes[at], { status: 'fulfilled', value } as never)
    }
    t.like(outcomes[1], { reason: { code: 'ERR_NOT_CLONEABLE', path: 'item' } } as never)
    t.like(outcomes[3], { reason: { code: 'ERR_NOT_CLONEABLE', path: 'item.then' } } as never)
    t.like(outcomes[5], { reason: { name: 'RangeError', message: 'looked' } } as never)
    await pool.close()
  })

  test(`on the caller, from ${what}`, async (t) => {
    const odd = [revoked(), throwing]
    const seen = await parMap(make([1, ...odd, 2]) as Iterable<unknown>, async (item) => odd.indexOf(item as object))
    t.deepEqual(seen, [-1, 0, 1, -1])
  })
}

test('side by side with others', async (t) => {
  const odd = [revoked(), throwing]
  t.deepEqual(await parMap(zip([1, 2], odd), async (n, item) => n + odd.indexOf(item)), [1, 3])
})

test('an element that throws when it is read ends the map, as a source that throws', async (t) => {
  const items = [1, 2, 3]
  Object.defineProperty(items, 1, {
    get() {
      throw new RangeError('read')
    },
  })
  await t.throwsAsync(
    parMap(items, async (x) => x),
    { message: 'read' },
  )
})
