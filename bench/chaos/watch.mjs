/** What the process holds: memory, threads, handles, descriptors. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc')

/** Pipes and the like. Files are not counted: one that Node is opening in a thread when that is ended, such as a module's, stays open for good. */
const isOwn = (descriptor) => {
  try {
    return !readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('/')
  } catch {
    // The one by which the list was read.
    return false
  }
}

/** Where there is no `/proc`, threads and descriptors are not known. */
const known = process.platform === 'linux'

export function holdings() {
  collectGarbage()
  return {
    rss: process.memoryUsage.rss() / 2 ** 20,
    threads: known ? Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) : undefined,
    descriptors: known ? readdirSync('/proc/self/fd').filter(isOwn).length : undefined,
    handles: process.getActiveResourcesInfo().length,
  }
}

/** By how much the last of `values` are above those a third into them, in percent; the means of a few are compared. */
export function growth(values) {
  const few = Math.max(1, Math.floor(values.length / 6))
  const mean = (from) => values.slice(from, from + few).reduce((sum, value) => sum + value, 0) / few
  const third = mean(Math.floor(values.length / 3))
  return ((mean(values.length - few) - third) / third) * 100
}
