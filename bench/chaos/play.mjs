/** Plays deeds while workers are killed and, by turns, while they are not; gives what came of all items and what was held meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createPool, workerModule } from 'everycore'
import { assertIdle } from 'everycore/testing'
import { Cells } from './cells.mjs'
import { deeds, weights } from './deeds.mjs'
import { coded } from './fates.mjs'
import { Judge } from './judge.mjs'
import { Killer } from './killer.mjs'
import { Random } from './random.mjs'
import { holdings } from './watch.mjs'

const moduleOf = (file) => workerModule(new URL(file, import.meta.url))
const AT_ONCE = 6
/**
 * A deed that has not come to its end after so long is given as long again without kills: where the machine is so busy that workers die before they have done
 * anything, that is no fault. Then it never will.
 */
const PATIENCE_MS = 60_000
/** One phase in so many is without kills, for comparison. */
const CALM = 3

/**
 * `seconds` in phases of `phase` seconds, some `rate` kills a second. `report` hears of each phase.
 * Resolves with `{ judge, cells, killer, phases, unsettled, before, after, problems }`.
 */
export async function play({ seconds, phase, rate, seed, report }) {
  const random = new Random(seed)
  const cells = new Cells()
  const judge = new Judge(cells)
  const [tasks, nested] = [moduleOf('tasks.mjs'), moduleOf('nested.mjs')]
  // What the first use of all opens stays for the process.
  await createPool().close()
  const before = holdings()
  const pool = createPool({ name: 'chaos', resourceLimits: { maxOldGenerationSizeMb: 32 } })
  await pool.warmup()
  await pool.broadcast(tasks.countIn, [cells.shared], { sticky: true })
  const killer = new Killer(pool, random, rate)
  const state = { phases: [], unsettled: [], problems: [] }

  /** Resolves with the name of a deed that never ends. */
  async function deed() {
    const name = random.pick(weights)
    const first = cells.deal()
    const items = (count, fates) => {
      const codes = Array.from({ length: count }, (_, at) => first + at)
      for (let fate; (fate = killer.take(fates)) !== undefined;) {
        const at = random.below(count)
        codes[at] = coded(first + at, fate)
      }
      return codes
    }
    const ended = deeds[name]({ pool, tasks, nested, random, judge, items })
    const patience = new AbortController()
    const { signal } = patience
    const wait = () => sleep(PATIENCE_MS, 'unsettled', { signal })
    const limit = wait().then(() => {
      killer.spare(ended)
      return wait()
    })
    try {
      const end = await Promise.race([ended, limit])
      if (end === 'unsettled') state.unsettled.push(name)
      else cells.takeBack(first, end === 'loose')
    } catch (error) {
      state.problems.push(`${name}: ${error?.stack ?? error}`)
    } finally {
      patience.abort()
      limit.catch(() => {})
    }
  }

  async function deedsUntil(end) {
    while (performance.now() < end && state.unsettled.length === 0 && state.problems.length === 0) await deed()
  }

  for (let number = 1; number <= Math.ceil(seconds / phase); number++) {
    const calm = number % CALM === 0
    if (!calm) killer.start()
    const [start, items, kills, cpu] = [performance.now(), judge.items, killer.kills, process.cpuUsage()]
    await Promise.all(Array.from({ length: AT_ONCE }, () => deedsUntil(start + phase * 1000)))
    killer.pause()
    const took = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(cpu)
    state.phases.push({
      calm,
      took,
      cores: (user + system) / 1e6 / took,
      items: judge.items - items,
      kills: killer.kills - kills,
      ...holdings(),
    })
    report?.(state.phases.at(-1), judge)
    if (state.unsettled.length > 0 || state.problems.length > 0) break
  }
  cells.lookAtAll()
  killer.close()
  await pool.close({ cancelPending: state.unsettled.length > 0 })
  try {
    assertIdle()
  } catch (error) {
    state.problems.push(error.message)
  }
  return { ...state, judge, cells, killer, before, after: holdings() }
}
