/** Decides when a worker dies, and of what: of an item with a deadly fate, which the next deed takes up, or from outside. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { kill } from 'everycore/testing'

/** How often each is chosen. Nobody dies of the last two, which only fail their item. */
const WEIGHTS = {
  outside: 35,
  exit: 20,
  reallyExit: 8,
  memory: 2,
  endless: 10,
  uncaught: 10,
  exitLater: 10,
  overflow: 15,
  throws: 15,
}

/** So many of the events end a worker; of the endless and the later ones some come to nothing, since their job was cancelled. */
const DEADLY = 0.72

export class Killer {
  /** Deaths of workers that were up, by reason. */
  deaths = { exit: 0, killed: 0, memory: 0, error: 0 }
  /** Kills from outside that were begun. */
  outside = 0
  #pool
  #random
  #rate
  #due = []
  #timer
  #spared = 0

  constructor(pool, random, rate) {
    this.#pool = pool
    this.#random = random
    this.#rate = rate / DEADLY
    subscribe('everycore:worker:end', this.#ended)
  }

  get kills() {
    return Object.values(this.deaths).reduce((sum, count) => sum + count)
  }

  start() {
    this.#timer = setTimeout(() => {
      const how = this.#random.pick(WEIGHTS)
      if (this.#spared === 0) {
        if (how !== 'outside') this.#due.push(how)
        else this.#strike()
      }
      this.start()
    }, this.#random.gap(this.#rate))
  }

  /** Kills nobody until `ended` resolves. */
  spare(ended) {
    this.#spared++
    this.#due = []
    const again = () => void this.#spared--
    ended.then(again, again)
  }

  pause() {
    clearTimeout(this.#timer)
    this.#due = []
  }

  close() {
    this.pause()
    unsubscribe('everycore:worker:end', this.#ended)
  }

  /** The next fate that is due and among `fates`. */
  take(fates) {
    const at = this.#due.findIndex((fate) => fates.includes(fate))
    return at < 0 ? undefined : this.#due.splice(at, 1)[0]
  }

  #strike() {
    this.outside++
    // There may just be nobody in that slot.
    kill(this.#random.below(this.#pool.workers), this.#pool).catch(() => this.outside--)
  }

  #ended = ({ pool, reason }) => {
    if (pool === this.#pool.name) this.deaths[reason]++
  }
}
