/**
 * Workloads whose contenders each have a process of their own: a library that follows what is asynchronous, as ours does for `currentTask()`, has Node.js
 * do that for every promise of the process, those of other libraries too.
 */
import { fresh } from '../frame/fresh.mjs'

/** The workload's file, without `.mjs`, gives `contenders` and `check` by its export `here`, for a process that runs one of them. */
export function openAlone(workload, names, quick) {
  let last
  const contender = (name) => async () => {
    last = await fresh('children/alone.mjs', workload, name, quick)
    return last.figures
  }
  return {
    contenders: Object.fromEntries(names.map((name) => [name, contender(name)])),
    check: () => last.problem,
    close: () => undefined,
  }
}
