/** Lets those wait who want to look again when something has changed. */
export class Changes {
  #waiting: Array<() => void> = []

  /** Resolves with the next change. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  happened(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
