/** `using` and `await using`, which Node 20 does not have itself: TypeScript's and esbuild's spelling. */

type Dispose = (this: unknown) => unknown

interface Resource {
  readonly value: unknown
  readonly dispose: Dispose | undefined
  readonly wait: boolean
}

interface Scope {
  readonly stack: Resource[]
  error: unknown
  hasError: boolean
}

/** `Symbol.dispose` where the engine has it, else what TypeScript's and esbuild's users have put there. */
const disposeKey = (wait: boolean): symbol => {
  const name = wait ? 'asyncDispose' : 'dispose'
  return ((Symbol as unknown as Record<string, symbol | undefined>)[name] ?? Symbol.for(`Symbol.${name}`)) as symbol
}

function resourceOf(value: unknown, wait: boolean): Resource {
  if (value === null || value === undefined) return { value, dispose: undefined, wait }
  if (Object(value) !== value) throw new TypeError('Object expected')
  const keyed = value as Record<symbol, Dispose | undefined>
  const dispose = (wait ? keyed[disposeKey(true)] : undefined) ?? keyed[disposeKey(false)]
  if (typeof dispose !== 'function') throw new TypeError('Object not disposable')
  return { value, dispose, wait }
}

/** TypeScript: remembers a resource, gives it back. */
export function addDisposable(scope: Scope, value: unknown, wait: boolean): unknown {
  if (wait || (value !== null && value !== undefined)) scope.stack.push(resourceOf(value, wait))
  return value
}

/** TypeScript: at the end of the scope. A promise if something has to be awaited. */
export function disposeAll(scope: Scope): unknown {
  return unwind(scope.stack, scope)
}

/** esbuild: the same as {@link addDisposable}, the stack being a bare array. */
export function using(stack: Resource[], value: unknown, wait?: boolean): unknown {
  if (wait || (value !== null && value !== undefined)) stack.push(resourceOf(value, wait === true))
  return value
}

/** esbuild: the same as {@link disposeAll}. */
export function callDispose(stack: Resource[], error: unknown, hasError: unknown): unknown {
  return unwind(stack, { error, hasError: Boolean(hasError) })
}

/** From the last to the first; an error on the way suppresses the one before it. */
function unwind(stack: Resource[], outcome: { error: unknown; hasError: boolean }): unknown {
  const fail = (error: unknown): void => {
    outcome.error = outcome.hasError ? suppressed(error, outcome.error) : error
    outcome.hasError = true
  }
  for (let resource = stack.pop(); resource; resource = stack.pop()) {
    try {
      const result = resource.dispose?.call(resource.value)
      if (resource.wait) {
        const rest = (): unknown => unwind(stack, outcome)
        return Promise.resolve(result).then(rest, (error: unknown) => (fail(error), rest()))
      }
    } catch (error) {
      fail(error)
    }
  }
  if (outcome.hasError) throw outcome.error
  return undefined
}

function suppressed(error: unknown, before: unknown): unknown {
  const message = 'An error was suppressed during disposal.'
  const name = 'SuppressedError'
  const Native = (globalThis as { SuppressedError?: new (error: unknown, before: unknown, message: string) => Error })[
    name
  ]
  return Native
    ? new Native(error, before, message)
    : Object.assign(new Error(message), { name, error, suppressed: before })
}
