/** This worker's side of what its tasks print: notes every part that is posted, so that the home knows, and so that the worker does not leave before the last. */
import type { Writable } from 'node:stream'
import { PATIENCE_MS, Printed } from '../pool/printed.ts'

type Write = (this: Writable, chunks: unknown[], done: (error?: Error | null) => void) => void

export class Output {
  readonly #printed: Printed

  constructor(words: SharedArrayBuffer) {
    this.#printed = new Printed(words)
    for (const stream of ['stdout', 'stderr'] as const) this.#note(stream)
  }

  /** Resolves when all that was printed is on its way to the home. */
  posted(): Promise<void> {
    return this.#printed.allPosted(PATIENCE_MS)
  }

  #note(name: 'stdout' | 'stderr'): void {
    const stream = process[name] as Writable & { _writev?: Write }
    const printed = this.#printed
    // What Node's stream calls once for each part that it posts.
    // oxlint-disable-next-line no-underscore-dangle -- node's name for it
    const write = stream._writev
    if (write === undefined) return
    const noting: Write = function (chunks, done) {
      printed.post(name)
      write.call(this, chunks, (error) => {
        // Posts what has gathered meanwhile.
        done(error)
        printed.asked(name)
      })
    }
    Object.defineProperty(stream, '_writev', { value: noting, configurable: true, writable: true })
  }
}
