/**
 * The warm spare: a thread that has loaded everything and waits for its boot message, kept by a pool whose workers die in items. The next death then costs
 * no start of a thread. It holds no slot and none of the budget of threads, for it runs nothing; setup and sticky broadcasts it makes when it takes a seat.
 */
import type { Worker } from 'node:worker_threads'
import type { PoolSettings } from '../options/settings.ts'
import { log } from './log.ts'
import { startThread } from './thread.ts'

/** It is kept for so long after a death. */
const KEPT_MS = 10_000

export class Spare {
  readonly #settings: PoolSettings
  #thread: Worker | undefined
  #expiry: NodeJS.Timeout | undefined
  #ending: Promise<unknown> = Promise.resolve()

  constructor(settings: PoolSettings) {
    this.#settings = settings
  }

  /** A worker has died in an item. */
  wanted(): void {
    clearTimeout(this.#expiry)
    this.#expiry = setTimeout(() => this.#expire(), KEPT_MS).unref()
  }

  /** A worker is up, the one after the dead among others: now a spare takes nothing from it. */
  prepare(): void {
    if (this.#expiry === undefined || this.#thread !== undefined) return
    try {
      this.#keep(startThread(this.#settings, 'spare'))
    } catch (error) {
      // The next worker meets the same, and that is told.
      log('no spare thread can be started: %s', error)
    }
  }

  /** The spare, if there is one; it is no longer ours. */
  take(): Worker | undefined {
    const thread = this.#thread
    this.#forget()
    return thread
  }

  /** Resolves when no thread is left. */
  async end(): Promise<void> {
    clearTimeout(this.#expiry)
    this.#expire()
    await this.#ending
  }

  #keep(thread: Worker): void {
    log('a spare starts (thread %d)', thread.threadId)
    this.#thread = thread
    thread.on('error', this.#forget).on('exit', this.#forget)
  }

  /** Nothing was promised of it: where it ends by itself, there is none. */
  #forget = (): void => {
    this.#thread?.off('error', this.#forget).off('exit', this.#forget)
    this.#thread = undefined
  }

  #expire(): void {
    this.#expiry = undefined
    const thread = this.take()
    if (thread !== undefined) this.#ending = Promise.all([this.#ending, thread.terminate()])
  }
}
