/**
 * Calls that go to each worker, as their home sees them: to whom they were sent, who has answered, and which of them later workers are to make too.
 */
import type { Host } from './host.ts'
import type { AddressedCall, WorkerAnswer } from './link.ts'
import type { Verdict } from './verdict.ts'

interface Part {
  readonly slot: number
  /** It has begun: if the worker dies now, it may have been of this. */
  running: boolean
  answer: WorkerAnswer | undefined
}

interface Open {
  readonly call: AddressedCall
  readonly parts: Map<Host, Part>
  readonly done: (answers: readonly WorkerAnswer[]) => void
  left: number
}

interface Sticky {
  readonly call: AddressedCall
  /** What is shared in its arguments, for as long as it may be made. */
  readonly held: unknown
}

export class Broadcasts {
  readonly #open = new Map<string, Open>()
  readonly #sticky = new Map<string, Sticky>()

  /**
   * Sends a call to all that live. `done` hears, once, the answers of those that made it, by slot: a worker that has gone before it began is not among them.
   * A sticky call is remembered for later workers, unless one of these fails at it.
   */
  send(
    call: AddressedCall,
    { hosts, sticky, held, done }: { hosts: readonly Host[]; sticky: boolean; held?: unknown; done: Open['done'] },
  ): void {
    const parts = new Map(hosts.map((host) => [host, { slot: host.slot, running: false, answer: undefined } as Part]))
    if (sticky) this.#sticky.set(call.id, { call, held })
    if (parts.size === 0) return done([])
    this.#open.set(call.id, { call, parts, done, left: parts.size })
    for (const host of hosts) host.mail({ t: 'call', call, sticky, late: false })
  }

  /** A worker starts. */
  greet(host: Host): void {
    for (const { call } of this.#sticky.values()) host.mail({ t: 'call', call, sticky: true, late: true })
  }

  /** Whether the worker makes such a call, or is to. */
  occupies(host: Host): boolean {
    for (const { parts } of this.#open.values()) {
      const part = parts.get(host)
      if (part !== undefined && part.answer === undefined) return true
    }
    return false
  }

  calling(host: Host, id: string): void {
    const part = this.#open.get(id)?.parts.get(host)
    if (part !== undefined) part.running = true
  }

  called(host: Host, id: string, answer: WorkerAnswer): void {
    const open = this.#open.get(id)
    const part = open?.parts.get(host)
    if (open === undefined || part === undefined || part.answer !== undefined) return
    part.answer = answer
    this.#answered(open)
  }

  gone(host: Host, verdict: Verdict): void {
    for (const open of this.#open.values()) {
      const part = open.parts.get(host)
      if (part === undefined || part.answer !== undefined) continue
      if (part.running) part.answer = { slot: host.slot, ranMs: 0, verdict }
      else open.parts.delete(host)
      this.#answered(open)
    }
  }

  #answered(open: Open): void {
    if (--open.left > 0) return
    this.#open.delete(open.call.id)
    const answers = [...open.parts.values()].map((part) => part.answer as WorkerAnswer)
    if (answers.some((answer) => !('value' in answer))) this.#sticky.delete(open.call.id)
    open.done(answers.toSorted((a, b) => a.slot - b.slot))
  }
}
