// Tells whether an object was met before within one item: by looking through a short list, by a set where the list grows long.

const SHORT = 12

export class SeenObjects {
  readonly #list: (object | undefined)[] = Array.from({ length: SHORT }, () => undefined)
  readonly #set = new Set<object>()
  #count = 0

  // Whether it was met before; from now on it was.
  before(object: object): boolean {
    const count = this.#count++
    const short = Math.min(count, SHORT)
    for (let i = 0; i < short; i++) if (this.#list[i] === object) return true
    if (count < SHORT) {
      this.#list[count] = object
      return false
    }
    const { size } = this.#set
    return this.#set.add(object).size === size
  }

  // Holds on to nothing that it has met.
  clear(): void {
    if (this.#count === 0) return
    const short = Math.min(this.#count, SHORT)
    for (let i = 0; i < short; i++) this.#list[i] = undefined
    if (this.#count > SHORT) this.#set.clear()
    this.#count = 0
  }
}
