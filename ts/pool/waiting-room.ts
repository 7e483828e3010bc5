/** Submits that found the queue full and wait for room, in their order. */

/** Queues native work; answers whom to ring. Throws ERR_QUEUE_FULL while there is no room. */
type Submit = () => number

/** The consumed front is dropped when it is longer than what waits: shifting a long array would copy it each time. */
const FRONT = 256

export class WaitingRoom {
  #waiting: Submit[] = []
  #front = 0

  get isEmpty(): boolean {
    return this.#front === this.#waiting.length
  }

  add(submit: Submit): void {
    this.#waiting.push(submit)
  }

  /** Room may have come: makes the submits that find some. `rung` gets their answers. */
  retry(rung: (packed: number) => void): void {
    while (this.#front < this.#waiting.length) {
      try {
        rung((this.#waiting[this.#front] as Submit)())
      } catch (error) {
        if (isFull(error)) break
        // Its job has been cancelled meanwhile, or the pool is closed: whoever waits for it has been told.
      }
      this.#front++
    }
    if (this.isEmpty) this.#waiting = []
    else if (this.#front >= FRONT && this.#front * 2 > this.#waiting.length)
      this.#waiting = this.#waiting.slice(this.#front)
    else return
    this.#front = 0
  }
}

/** Whether a submit was refused for want of room. */
export function isFull(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_QUEUE_FULL'
}
