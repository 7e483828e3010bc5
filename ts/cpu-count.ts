/** How many threads may compute at the same time: what the system offers, bounded by the cgroup's CPU quota. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

let counted: number | undefined

/** At least 1. Read once: a quota that changes while the process runs is seen by the next process. */
export function cpuCount(): number {
  return (counted ??= Math.max(1, Math.min(availableParallelism(), Math.ceil(quota()))))
}

/** CPUs that the control group may use; `Infinity` where there is no quota or none can be read. */
function quota(): number {
  if (process.platform !== 'linux') return Infinity
  return Math.min(quotaOf('/sys/fs/cgroup/cpu.max'), legacyQuota())
}

/** cgroup v2: `max 100000`, or `150000 100000` for one and a half CPUs. */
function quotaOf(file: string): number {
  const [limit, period] = read(file).split(' ').map(Number)
  return limit !== undefined && period !== undefined && limit > 0 && period > 0 ? limit / period : Infinity
}

/** cgroup v1: -1 stands for no quota. */
function legacyQuota(): number {
  const folder = '/sys/fs/cgroup/cpu'
  const limit = Number(read(`${folder}/cpu.cfs_quota_us`))
  const period = Number(read(`${folder}/cpu.cfs_period_us`))
  return limit > 0 && period > 0 ? limit / period : Infinity
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
