/** One worker thread as its home sees it: from the start of the thread to its burial. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, Worker } from 'node:worker_threads'
import { rebuildOrTell } from '../codec/error-envelope.ts'
import { log } from './log.ts'
import type { Boot, ToHome, ToWorker } from './link.ts'
import { direct } from './output.ts'
import { Printed, newPrintedWords } from './printed.ts'
import { mailWord } from './memory.ts'
import type { Verdict } from './verdict.ts'
import type { PoolSettings } from '../options/settings.ts'

/**
 * | state | meaning | leaves it by |
 * |---|---|---|
 * | starting | the thread runs, `setup` may be running | `up`, `failed`, exit |
 * | up | claims work | exit |
 * | ending | was told to leave, or is being terminated | exit |
 * | gone | the thread has ended | never |
 */
export type HostState = 'starting' | 'up' | 'ending' | 'gone'

/** What somebody waits for: that it is up, that it has ended, or that what it has printed is here. */
export type Hold = 'up' | 'end' | 'output'

/** What a home wants to know of its workers. */
export interface HostEvents {
  up(host: Host): void
  message(host: Host, message: ToHome): void
  /** It has posted something that this thread cannot make a value of. */
  unreceived(host: Host, error: unknown): void
  /** It was told to stop and has not: it is in native code, which nothing can stop. True: it counts as gone from now on. */
  stuck(host: Host): boolean
  /** A thread that counted as gone has ended. */
  ended(host: Host): void
  /** The thread has ended. `failure` tells why it never came up, if it did not. */
  gone(host: Host, verdict: Verdict, failure: unknown): void
}

/** How long a thread may take to stop. */
const STOPS_WITHIN_MS = 1000

export class Host {
  readonly slot: number
  readonly epoch: number
  /** What its tasks have printed. */
  readonly printed: Printed
  readonly #worker: Worker
  readonly #holds = new Set<Hold>()
  readonly #link: MessagePort
  /** Node's; the thread has none any more once it has ended. */
  readonly threadId: number
  readonly startedAt: number = performance.now()
  readonly #words: Int32Array
  readonly #events: HostEvents
  #state: HostState = 'starting'
  #error: unknown
  readonly #boot: () => void
  #patience: NodeJS.Timeout | undefined
  #killed = false
  #crashed = false
  #died = false

  /** `thread` waits for its boot message, or has not run yet. */
  constructor(
    boot: Omit<Boot, 't' | 'link' | 'printed'>,
    thread: Worker,
    { stdout, stderr }: PoolSettings,
    events: HostEvents,
  ) {
    this.slot = boot.slot
    this.epoch = boot.epoch
    this.#events = events
    this.#words = new Int32Array(boot.words)
    const printed = newPrintedWords()
    this.printed = new Printed(printed)
    const { port1, port2 } = new MessageChannel()
    this.#link = port1
    this.#worker = thread
    this.threadId = this.#worker.threadId
    direct(this.#worker.stdout, stdout)
    direct(this.#worker.stderr, stderr)
    this.#worker.on('error', (error) => {
      this.#error = error
    })
    this.#worker.once('exit', (code) => {
      clearInterval(this.#patience)
      if (this.#state === 'gone') events.ended(this)
      else this.#exited(code)
    })
    port1.on('message', (message: ToHome) => this.#receive(message))
    port1.on('messageerror', (error) => events.unreceived(this, error))
    port1.unref()
    this.#boot = () => thread.postMessage({ t: 'boot', ...boot, printed, link: port2 } satisfies Boot, [port2])
    log('worker %d starts (thread %d)', this.slot, this.#worker.threadId)
  }

  /** Lets it begin. Whatever has been posted by now is there when it does: a spare begins at once. */
  boot(): void {
    this.#boot()
  }

  get state(): HostState {
    return this.#state
  }

  /** We have ended it: it says nothing of what it was starting or loading. */
  get stopped(): boolean {
    return this.#killed || this.#crashed
  }

  /** Its thread ended though it had not been asked to leave: neither by us, nor by its own rules. */
  get died(): boolean {
    return this.#died
  }

  /** What ended it, if an error did. */
  get error(): unknown {
    return this.#error
  }

  /** `memory` is handed over. */
  post(message: ToWorker, memory: readonly ArrayBuffer[] = []): void {
    this.#link.postMessage(message, memory)
  }

  /** Posts what the worker is to look at before its next claim. */
  mail(message: ToWorker): void {
    this.post(message)
    Atomics.store(this.#words, mailWord(this.slot), 1)
  }

  /** Takes what the worker has posted so far. */
  collect(): void {
    for (;;) {
      let received: { message: ToHome } | undefined
      try {
        received = receiveMessageOnPort(this.#link) as { message: ToHome } | undefined
      } catch (error) {
        this.#events.unreceived(this, error)
        continue
      }
      if (received === undefined) return
      this.#receive(received.message)
    }
  }

  /** It was told to leave. */
  leaving(): void {
    if (this.#state !== 'gone') this.#state = 'ending'
  }

  /** Stops the thread wherever it is. */
  kill(): void {
    this.#killed = true
    this.#terminate()
  }

  /** The same for no reason: its items are told that it exited. */
  crash(): void {
    this.#crashed = true
    this.#terminate()
  }

  #terminate(): void {
    this.leaving()
    void this.#worker.terminate()
    this.#patience ??= setInterval(() => {
      if (!this.#events.stuck(this)) return
      clearInterval(this.#patience)
      this.#worker.unref()
      this.#exited(1)
    }, STOPS_WITHIN_MS).unref()
  }

  /** Somebody waits for it: the process stays. */
  hold(why: Hold): void {
    this.#holds.add(why)
    this.#worker.ref()
  }

  letGo(why: Hold): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#worker.unref()
  }

  #receive(message: ToHome): void {
    if (message.t === 'up') {
      if (this.#state === 'starting') this.#state = 'up'
      log('worker %d is up', this.slot)
      this.#events.up(this)
    } else if (message.t === 'failed') {
      this.#error = rebuildOrTell(message.error)
    } else {
      this.#events.message(this, message)
    }
  }

  #exited(code: number): void {
    this.collect()
    const wasStarting = this.#state === 'starting'
    this.#died = this.stopped || (this.#state === 'up' && code !== 0)
    this.#state = 'gone'
    this.#link.close()
    const verdict = this.#verdict(code)
    log(
      'worker %d is gone: %s, code %d%s',
      this.slot,
      verdict.reason,
      code,
      verdict.detail === undefined ? '' : `, ${verdict.detail}`,
    )
    const failure =
      wasStarting && !this.stopped
        ? (this.#error ?? new Error(`it exited with code ${code} before it was up`))
        : undefined
    this.#events.gone(this, verdict, failure)
  }

  #verdict(code: number): Verdict {
    const { slot } = this
    if (isOutOfMemory(this.#error)) return { reason: 'memory', slot, code }
    if (this.#killed) return { reason: 'killed', slot, code }
    if (this.#error !== undefined) return { reason: 'error', slot, code, detail: String(this.#error) }
    return { reason: 'exit', slot, code }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
