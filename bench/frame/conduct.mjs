/** Carries out one workload in this process: opens it, checks what each contender gives, measures them. */
import { measure } from '../measure.mjs'

/**
 * Resolves with `checks` (a contender, a point, and what is wrong if anything is), `measured` (for each point, by contender, an array of figures a
 * round) and `notes` by contender. When `quick`, the checked call is the only one, and its figures stand in for a round.
 */
export async function conduct(name, { quick = false, rounds = 1 } = {}) {
  const { sweep, open } = await import(`../${name}.mjs`)
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
      measured.push({ point, figures: quick ? first : await measure(sound, rounds, point) })
    }
  } finally {
    await close()
  }
  return { checks, measured, notes: notes?.() ?? {} }
}
