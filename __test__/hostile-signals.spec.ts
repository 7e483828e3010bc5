// Signals that abort at any point, from inside any callback, and signals that are no good: each job settles, once, with the reason.

import test from 'ava'
import { createPool, lazyParMap, type Pool } from 'everycore'

let pool: Pool
test.before(() => {
  pool = createPool({ workers: 2 })
})
test.after.always(() => pool.close({ cancelPending: true }))

const id = <T>(x: T): T => x
const reason = new Error('mine')

function* endless(tick: (i: number) => void): Generator<number> {
  for (let i = 0; ; i++) {
    tick(i)
    yield i
  }
}

async function* endlessLater(tick: (i: number) => void): AsyncGenerator<number> {
  yield* endless(tick)
}

for (const on of ['caller', 'workers'] as const) {
  const stopped = async (
    start: (options: { pool: Pool; on: typeof on; signal: AbortSignal }, abort: () => void) => PromiseLike<unknown>,
  ): Promise<unknown> => {
    const controller = new AbortController()
    const options = { pool, on, signal: controller.signal }
    return Promise.resolve(start(options, () => controller.abort(reason))).catch((error: unknown) => error)
  }

  test(`${on}: in the source`, async (t) => {
    t.is(
      await stopped((options, abort) =>
        pool.parMap(
          endless((i) => i === 50 && abort()),
          id,
          options,
        ),
      ),
      reason,
    )
    t.is(
      await stopped((options, abort) =>
        pool.parMap(
          endlessLater((i) => i === 50 && abort()),
          id,
          options,
        ),
      ),
      reason,
    )
  })

  test(`${on}: in a lazy map's source and body`, async (t) => {
    t.is(
      await stopped(async (options, abort) => {
        for await (const _ of lazyParMap(
          endless((i) => i === 50 && abort()),
          id,
          options,
        ))
          void _
      }),
      reason,
    )
    t.is(
      await stopped(async (options, abort) => {
        for await (const x of lazyParMap(
          endless(() => {}),
          id,
          options,
        ))
          if (x === 50) abort()
      }),
      reason,
    )
  })

  test(`${on}: in onProgress`, async (t) => {
    t.is(
      await stopped((options, abort) =>
        pool.parMap(
          endless(() => {}),
          id,
          { ...options, onProgress: abort },
        ),
      ),
      reason,
    )
  })

  test(`${on}: when a retry is decided, and put off`, async (t) => {
    const fails = (): never => {
      throw new RangeError('again')
    }
    for (const where of ['when', 'delay'] as const) {
      const retries = (abort: () => void): { times: number; when?: () => boolean; delay?: () => number } => ({
        times: 3,
        [where]: () => {
          abort()
          return where === 'when' ? true : 0
        },
      })
      t.is(await stopped((options, abort) => pool.run(fails, [], { ...options, retries: retries(abort) })), reason)
      t.is(
        await stopped((options, abort) => pool.parMap([1, 2], fails, { ...options, retries: retries(abort) })),
        reason,
      )
    }
  })

  test(`${on}: in a getter of an item`, async (t) => {
    const got = await stopped((options, abort) => {
      const item = {
        get x(): number {
          abort()
          return 1
        },
      }
      return pool.parMap([item, item], ({ x }) => x, options)
    })
    t.is(got, reason)
  })

  test(`${on}: when it is listened to`, async (t) => {
    const controller = new AbortController()
    const eager = {
      get aborted(): boolean {
        return controller.signal.aborted
      },
      get reason(): unknown {
        return controller.signal.reason
      },
      addEventListener(type: 'abort', listener: () => void): void {
        controller.signal.addEventListener(type, listener)
        controller.abort(reason)
      },
      removeEventListener(): void {},
    }
    t.is(await pool.parMap([1, 2], id, { on, signal: eager as never }).catch(id), reason)
  })

  test(`${on}: one that throws at everything`, async (t) => {
    const gotcha = new Error('gotcha')
    const throws = (): never => {
      throw gotcha
    }
    const good = { aborted: false, reason: undefined, addEventListener(): void {}, removeEventListener(): void {} }
    const given = (signal: object): { on: typeof on; signal: AbortSignal } => ({ on, signal: signal as AbortSignal })
    for (const call of [
      (signal: object) => pool.parMap([1, 2], id, given(signal)),
      (signal: object) => pool.par([id], [1], given(signal)),
      (signal: object) => pool.run(id, [1], given(signal)),
    ]) {
      await t.notThrowsAsync(call({ ...good, removeEventListener: throws }))
      t.is(await call({ ...good, addEventListener: throws }).catch(id), gotcha)
      const aborted = Object.defineProperty({ ...good, aborted: true }, 'reason', { get: throws })
      t.is(await call(aborted).catch(id), gotcha)
    }
    // Aborts a turn later, and then does not say why.
    const later = {
      ...good,
      addEventListener: (_type: string, listener: () => void) => void setImmediate(listener),
    }
    Object.defineProperty(later, 'reason', { get: throws })
    const late = pool.parMap(
      endless(() => {}),
      id,
      given(later),
    )
    t.is(await late.catch((error: unknown) => error as never), gotcha as never)
  })
}

test('native work too', async (t) => {
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener(): void {},
    removeEventListener(): void {
      throw new Error('gotcha')
    },
  }
  t.is(await pool.native.sum(new Float64Array([1, 2]), { signal: signal as never }), 3)
})
