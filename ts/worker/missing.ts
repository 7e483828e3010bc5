/** What an item needs has not come by way of the home yet: the item waits for it, and is called then. */
export class Missing extends Error {
  readonly #isOurs = true
  /** The parcel's. */
  readonly id: number
  /** It comes to nobody who has not asked for it. */
  readonly mustAsk: boolean

  constructor(id: number, mustAsk: boolean) {
    super(`parcel ${id} is on its way`)
    this.id = id
    this.mustAsk = mustAsk
  }

  /** Not by `instanceof`: what a task throws may be a proxy, whose traps that would run. */
  static is(error: unknown): error is Missing {
    return typeof error === 'object' && error !== null && #isOurs in error && error.#isOurs
  }
}
