/** Workloads that only a fresh process can show: each contender runs a script of `children/`, which prints one figure. */
import { fresh } from '../frame/fresh.mjs'

export const LIBRARIES = ['plain worker', 'piscina', 'tinypool', 'workerpool', 'poolifier', 'jest-worker', 'everycore']

/** Processes take long to start: a self-test of one more script, which need not open every library again, opens these. */
export const FEW_LIBRARIES = ['plain worker', 'everycore']

export function openChildren(libraries, script, ...args) {
  let figure
  const contender = (library) => async () => {
    figure = await fresh(`children/${script}`, library, ...args)
    return [figure]
  }
  const contenders = Object.fromEntries(libraries.map((library) => [library, contender(library)]))
  return { contenders, check: () => (Number.isFinite(figure) ? undefined : 'no figure'), close: () => undefined }
}
