// `retries` in its three spellings, made one.

import { callable, either, integer, milliseconds, type Check } from './checks.ts'
import { nested } from './read.ts'
import type { RetrySettings } from './settings.ts'

const always = (): boolean => true
const atOnce = (): number => 0

/** What stands where no retries were asked for. */
export const noRetries: RetrySettings = Object.freeze({ times: 0, delay: atOnce, when: always })

const times: Check<number> = integer(0, 1_000_000, true)
const plain: Check<RetrySettings> = (value) => ({ times: times(value), delay: atOnce, when: always })

type Bag = { times: number; delay: number | ((attempt: number) => number); when: (error: unknown) => boolean }

const pause = either(
  milliseconds(0),
  callable as Check<(attempt: number) => number>,
  'milliseconds from 0, or a function of the attempt',
)

const bag = nested<Bag, RetrySettings>(
  { times, delay: pause, when: callable as Check<(error: unknown) => boolean> },
  ({ times: count = 0, delay: wait = atOnce, when = always }) => ({
    times: count,
    delay: typeof wait === 'number' ? () => wait : wait,
    when,
  }),
)

export const retries: Check<RetrySettings> = either(
  plain,
  bag,
  'an integer from 0 to 1,000,000, Infinity, or { times, delay, when }',
)
