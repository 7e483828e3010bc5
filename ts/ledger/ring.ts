/** The last so many of what is put into it. */
export class Ring<T> {
  readonly #places: Array<T | undefined>
  #at = 0

  constructor(size: number) {
    this.#places = Array.from({ length: size }, () => undefined)
  }

  put(one: T): void {
    this.#places[this.#at] = one
    if (++this.#at === this.#places.length) this.#at = 0
  }

  find(is: (one: T) => boolean): T | undefined {
    return this.#places.find((one) => one !== undefined && is(one))
  }
}
