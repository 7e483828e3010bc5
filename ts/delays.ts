/** Functions that were told to take longer, by name: what `everycore/testing` has for time limits and races. Nothing else sets any. */

const delays = new Map<string, number>()

/** Whether there are any. */
export function anyDelays(): boolean {
  return delays.size > 0
}

/** Ms by which each attempt of a function of this name is to take longer. */
export function delayOf(name: string): number {
  return delays.size === 0 ? 0 : (delays.get(name) ?? 0)
}

/** 0 takes it back. */
export function setDelay(name: string, ms: number): void {
  if (ms > 0) delays.set(name, ms)
  else delays.delete(name)
}

type AnyFunction = (...args: never[]) => unknown

/** The same function, so much later; it is called with as many arguments as before. */
export function slowed<F extends AnyFunction>(fn: F, ms: number): F {
  if (ms === 0) return fn
  const later = async (...args: never[]): Promise<unknown> => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return fn(...args)
  }
  return Object.defineProperties(later, { name: { value: fn.name }, length: { value: fn.length } }) as unknown as F
}
