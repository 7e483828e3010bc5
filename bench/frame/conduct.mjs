/** Carries out one workload in this process: opens it, checks what each contender gives, measures them. */
import { measure } from '../measure.mjs'

/**
 * Resolves with `checks` (a contender, a point, and what is wrong if anything is), `measured` (for each point, by contender, an array of figures a
 * round) and `notes` by contender. The checked call counts only where nothing carries over from call to call (`cold`), and when `quick`: then it is
 * the only one.
 */
export async function conduct(name, { quick = false, rounds = 1 } = {}) {
  const { sweep, cold, open } = await import(`../${name}.mjs`)
  const { contenders, check, close, notes } = await open(quick)
  const points = sweep === undefined ? [undefined] : quick ? sweep.quick : sweep.points
  const checks = []
  const measured = []
  try {
    for (const point of points) {
      const sound = {}
      const first = {}
      for (const [contender, work] of Object.entries(contenders)) {
        let problem
        try {
          first[contender] = [await work(point)]
          problem = check(point)
        } catch (error) {
          problem = String(error)
        }
        checks.push({ contender, point, problem })
        if (problem === undefined) sound[contender] = work
        else delete first[contender]
      }
      measured.push({ point, figures: await rest({ sound, first, rounds, point, quick, cold }) })
    }
  } finally {
    await close()
  }
  return { checks, measured, notes: notes?.() ?? {} }
}

/** The rounds that follow the checked call. */
async function rest({ sound, first, rounds, point, quick, cold }) {
  if (quick) return first
  if (!cold) return measure(sound, rounds, point)
  const more = await measure(sound, rounds - 1, point, 0)
  return Object.fromEntries(Object.keys(first).map((name) => [name, [...first[name], ...more[name]]]))
}
