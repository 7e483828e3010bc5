/** `promise.then`, as it was before any task ran here: one that replaces it must not stop the worker. */
const { then } = Promise.prototype
const { apply } = Reflect

export function whenSettled<T, R, F = never>(
  promise: Promise<T>,
  done: (value: T) => R | PromiseLike<R>,
  failed?: (reason: unknown) => F | PromiseLike<F>,
): Promise<R | F> {
  return apply(then, promise, [done, failed]) as Promise<R | F>
}
