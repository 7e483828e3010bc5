// Shared objects in values that are copied on this thread and stay on it: they are the same afterwards.

import { isShared } from './registry.ts'
import type { ShareNumbers } from './registry.ts'

export class LocalShares implements ShareNumbers {
  readonly #all: object[] = []

  numberOf(value: object): number {
    return isShared(value) ? this.#all.push(value) : 0
  }

  readonly get = (number: number): unknown => this.#all[number - 1]
}
