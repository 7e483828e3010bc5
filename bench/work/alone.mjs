/**
 * Workloads whose contenders each have a process of their own: a library that follows what is asynchronous, as ours does for `currentTask()`, has Node.js
 * do that for every promise of the process, those of other libraries too.
 */
import { fresh } from '../frame/fresh.mjs'

/** The file `workload`, without `.mjs`, exports `here`: it gives `contenders` and `check` for a process that runs one of them. */
export function openAlone(workload, here, quick) {
  let last
  const contender = (name) => async () => {
    last = await fresh('children/alone.mjs', workload, name, quick)
    return last.figures
  }
  return {
    contenders: Object.fromEntries(Object.keys(here(true).contenders).map((name) => [name, contender(name)])),
    check: () => last.problem,
    close: () => undefined,
  }
}
