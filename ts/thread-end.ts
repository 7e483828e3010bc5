/**
 * What the addon answers in a thread that is being ended: nothing. Node-API then refuses every call, without throwing, and V8's order to stop may have been
 * lost in one of them. Code that tries again whatever happens would go on for ever, and whoever joins the thread would wait as long.
 */
import { isMainThread } from 'node:worker_threads'

const { reallyExit } = process as unknown as { reallyExit(code: number): void }

/** The answer of a native call that always gives one. Where there is none the thread is told once more to stop, and goes no further. */
export function answered<T>(answer: T): Exclude<T, undefined> {
  if (answer === undefined) stop()
  return answer as Exclude<T, undefined>
}

function stop(): never {
  if (!isMainThread) reallyExit(typeof process.exitCode === 'number' ? process.exitCode : 1)
  throw new Error('this thread is being ended')
}
