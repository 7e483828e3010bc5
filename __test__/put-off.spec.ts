// A claim whose function is still being loaded may be taken by siblings, and its frame may go to another claim before the loading ends.

import test from 'ava'

import { createPool, workerModule } from 'everycore'

interface PutOff {
  outer(): string[]
}
const { outer } = workerModule<PutOff>(new URL('./fixtures/put-off.mjs', import.meta.url))

/** What the tasks say, and the means to let them go on. */
class Gate {
  readonly #channel = new BroadcastChannel('slow-load')
  readonly #said: Record<string, number>[] = []
  #heard = (): void => {}

  constructor() {
    this.#channel.addEventListener('message', (event) => {
      this.#said.push((event as MessageEvent).data as Record<string, number>)
      this.#heard()
    })
  }

  /** Resolves with the first `count` values of `what`. */
  async hear(what: string, count: number): Promise<number[]> {
    for (;;) {
      const values = this.#said.flatMap((message) => message[what] ?? [])
      if (values.length >= count) return values.slice(0, count)
      await new Promise<void>((resolve) => (this.#heard = resolve))
    }
  }

  say(message: Record<string, unknown>): void {
    this.#channel.postMessage(message)
  }

  close(): void {
    this.#channel.close()
  }
}

test('a claim that was taken while its function was loading runs nothing', async (t) => {
  const pool = createPool({ workers: 2 })
  const gate = new Gate()
  const job = pool.run(outer)
  const [outerThread] = await gate.hear('outer', 1)
  // The worker that calls claims its own call, and is slow to begin it; so the other, once it is up, takes that, and is slow too.
  await gate.hear('loading', 1)
  await pool.warmup()
  const threads = await gate.hear('loading', 2)
  gate.say({ go: threads.find((thread) => thread !== outerThread) })
  await gate.hear('held', 2)
  gate.say({ go: outerThread })
  await gate.hear('loaded', 2)
  gate.say({ release: true })
  t.deepEqual(await job, ['answer 0', 'held 0', 'held 1'])
  gate.close()
  await pool.close()
})
