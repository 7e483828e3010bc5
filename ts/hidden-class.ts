/**
 * What V8 is not to forget of our classes.
 *
 * Where a garbage collection finds no object of a class, V8 drops its hidden class, what call sites have learned of it, and all optimised code that counts on
 * it. So the first job after a collection that found its thread at rest was nearly as slow as the first ones of the process, while V8's threads optimised the
 * same functions anew beside the workers: maps of 100 ms took 6 % longer, maps of 100,000 records a quarter, of 50,000 async functions more than twice as long.
 *
 * The code of a closure that each job makes anew goes with the last of them: what is hot is better a method.
 */
const kept: object[] = []

/** Stands for what a kept object would have, and never uses. */
export const BLANK = undefined as never

/** Keeps an object, and with it the hidden class of all those of its class. It must hold nothing that is the user's. */
export function keepHiddenClass(one: object): void {
  kept.push(one)
}

/**
 * 0 for a field that will hold fractions, as times are, or `Infinity`. With an ordinary 0 V8 takes the field for one of small integers, and gives the hidden
 * class up for another one when the first of these comes; the object that is kept would stay behind with the old one.
 */
export const FRACTIONAL_ZERO = -0
