/** Bare worker threads, one call at a time: what a pool is measured against where only threads and isolates count. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export function open({ workers }) {
  const threads = Array.from({ length: workers }, () => new Worker(new URL('workers/plain.mjs', import.meta.url)))
  let next = 0
  return {
    async call(name, item) {
      const thread = threads[next++ % workers]
      thread.postMessage({ name, item })
      const [answer] = await once(thread, 'message')
      return answer
    },
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  }
}
