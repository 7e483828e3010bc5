// A lane that runs nothing: what is pushed is the result.

import type { Lane, LaneSink } from '../lanes/lane.ts'

export class PassLane implements Lane {
  readonly name = 'caller'
  readonly state = 'running'
  readonly startedAt = undefined
  readonly ahead = 1
  readonly weight = 0
  readonly #sink: LaneSink

  constructor(sink: LaneSink) {
    this.#sink = sink
  }

  room(): number {
    return Infinity
  }

  push(index: number, item: unknown): void {
    this.#sink.value(index, item)
  }

  flush(): void {}
  again(): void {}
  forget(): void {}
  abort(): void {}
  close(): void {}
}
