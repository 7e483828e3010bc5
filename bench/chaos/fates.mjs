/**
 * What may happen to an item, as a part of the number that stands for it: the item `n` with fate `f` is `n + f * UNIT`, so that a fate travels in every shape of item
 * and costs the others nothing.
 */
export const UNIT = 2 ** 22

/** The place in this list is the number. */
const FATES = ['none', 'exit', 'reallyExit', 'memory', 'endless', 'uncaught', 'exitLater', 'overflow', 'throws']

const numbers = Object.fromEntries(FATES.map((name, at) => [name, at]))

export const coded = (n, fate) => n + numbers[fate] * UNIT
export const numberOf = (code) => code % UNIT
export const fateOf = (code) => FATES[Math.floor(code / UNIT)]

/** What the item `n` gives. */
export const valueOf = (n) => 3 * n + 1

/** How an item that has begun and ended is counted in its cell. */
export const BEGUN = 1
export const ENDED = 0x10000
export const begun = (cell) => cell & 0xffff
export const ended = (cell) => cell >>> 16
