/** Async functions and `for await` on generators and iterators. */

type Body = (this: unknown, ...args: unknown[]) => Iterator<unknown, unknown, unknown>

/** Runs a generator as an async function: what it yields is awaited, what it returns is the result. */
function drive(steps: Iterator<unknown, unknown, unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const step = (advance: () => IteratorResult<unknown, unknown>): void => {
      let result: IteratorResult<unknown, unknown>
      try {
        result = advance()
      } catch (error) {
        reject(error)
        return
      }
      if (result.done) resolve(result.value)
      else Promise.resolve(result.value).then(forward, fail)
    }
    const forward = (value: unknown): void => step(() => steps.next(value))
    const fail = (error: unknown): void => step(() => steps.throw!(error))
    forward(undefined)
  })
}

/** TypeScript passes `this, arguments, Promise, body`, esbuild `this, arguments, body`. */
export function awaiter(
  self: unknown,
  args: ArrayLike<unknown> | null | undefined,
  third: unknown,
  fourth?: Body,
): Promise<unknown> {
  const body = fourth ?? (third as Body)
  // As an async function does it: an error in a parameter's default is a rejection, too.
  return new Promise((resolve) => resolve(drive(body.apply(self, Array.from(args ?? [])))))
}

/** Babel and swc wrap the generator first and call it later. */
export function runner(body: Body): (...args: unknown[]) => Promise<unknown> {
  return function (this: unknown, ...args: unknown[]) {
    return awaiter(this, args, undefined, body)
  }
}

/** The iterator of `for await (x of source)`. */
export function asyncValues(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  const known = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]
  return known ? known.call(source) : fromSync(source as Iterable<unknown>)
}

async function* fromSync(source: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* source as Iterable<unknown>
}

/** esbuild's. */
export function forAwait(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  return asyncValues(source)
}
