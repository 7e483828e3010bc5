/**
 * How far what a worker's tasks print has come, in words that the worker and its home share.
 *
 * Node carries it in parts: a worker posts one, gathers what is printed meanwhile, and posts that as the next part when the home has asked for more.
 * Whoever sees a task's result sees in these words that it had printed.
 */

const BYTES = 16

/** Index of a stream's words: how many parts were posted, and how often the home has asked for more. */
const STREAMS = { stdout: 0, stderr: 2 } as const
type StreamName = keyof typeof STREAMS

/** How long somebody waits while no part is asked for: whoever is to read them has stopped. */
export const PATIENCE_MS = 1000

export function newPrintedWords(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES)
}

export class Printed {
  readonly #words: Int32Array

  constructor(words: SharedArrayBuffer) {
    this.#words = new Int32Array(words)
  }

  /** Parts of both streams that were posted. */
  get posted(): number {
    return this.#posted('stdout') + this.#posted('stderr')
  }

  /** Called by the worker before it posts a part. */
  post(stream: StreamName): void {
    Atomics.add(this.#words, STREAMS[stream], 1)
  }

  /** Called by the worker when the home has asked for more, and what had been gathered has been posted. */
  asked(stream: StreamName): void {
    Atomics.add(this.#words, STREAMS[stream] + 1, 1)
    Atomics.notify(this.#words, STREAMS[stream] + 1)
  }

  /**
   * Resolves when all that has been printed by now has been posted: the part that is underway, and the one after it, which has the rest. Also when nothing
   * has moved for `patience` ms.
   */
  async allPosted(patience: number): Promise<void> {
    const stdout = this.#allPosted('stdout', patience)
    await this.#allPosted('stderr', patience)
    await stdout
  }

  async #allPosted(stream: StreamName, patience: number): Promise<void> {
    const rest = this.#posted(stream) + 1
    for (;;) {
      const asked = Atomics.load(this.#words, STREAMS[stream] + 1)
      const posted = this.#posted(stream)
      if (posted === asked || posted - rest >= 0) return
      const wait = Atomics.waitAsync(this.#words, STREAMS[stream] + 1, asked, patience)
      if (wait.async && (await wait.value) === 'timed-out') return
    }
  }

  #posted(stream: StreamName): number {
    return Atomics.load(this.#words, STREAMS[stream])
  }
}
