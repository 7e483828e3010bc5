/** Async generators of TypeScript and esbuild: a plain generator that says which of its yields are an `await`. */

type Body = (this: unknown, ...args: unknown[]) => Generator<unknown, unknown, unknown>
type Verb = 'next' | 'throw' | 'return'

class Awaited {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** `yield __await(x)` and `yield new __await(x)` stand for `await x`. */
export function awaited(value: unknown): object {
  return new Awaited(value)
}

/** Calls are answered one after the other, as an async generator does. */
export function asyncGenerator(
  self: unknown,
  args: ArrayLike<unknown> | null | undefined,
  body: Body,
): AsyncIterator<unknown> {
  const steps = body.apply(self, Array.from(args ?? []))
  let before: Promise<unknown> = Promise.resolve()
  const verb =
    (kind: Verb) =>
    (value: unknown): Promise<IteratorResult<unknown>> => {
      const answer = before.then(() => advance(steps, kind, value))
      before = answer.catch(() => undefined)
      return answer
    }
  const iterator = {
    next: verb('next'),
    throw: verb('throw'),
    return: verb('return'),
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator as AsyncIterator<unknown>
}

/** Until the next yield that is one. */
async function advance(steps: ReturnType<Body>, kind: Verb, given: unknown): Promise<IteratorResult<unknown>> {
  let verb = kind
  let value = given
  for (;;) {
    const { done, value: yielded } = steps[verb](verb === 'return' ? await value : value)
    const pause = yielded instanceof Awaited
    try {
      value = await (pause ? yielded.value : yielded)
      if (!pause) return { done: done === true, value }
      verb = 'next'
    } catch (error) {
      verb = 'throw'
      value = error
    }
  }
}
