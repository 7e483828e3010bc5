/** How a home ends: what is open may finish within a time, the rest is cancelled, then the threads end. */
import { CancelledError, OptionError } from '../errors.ts'
import type { CloseOptions } from '../options/interfaces.ts'
import type { Home } from './home.ts'

const endings = new WeakMap<Home, Promise<void>>()

/** Resolves when the last thread of the home has ended; the first call's options count, but a later one may be more impatient. */
export async function closeHome(
  home: Home,
  { timeout = Infinity, cancelPending = false }: CloseOptions,
): Promise<void> {
  home.cancelOpenEnded(new CancelledError('the pool was closed before the loop over its results had ended'))
  const ending = endings.get(home)
  if (ending === undefined) {
    const ended = home.quiet().then(() => home.end())
    endings.set(home, ended)
  }
  if (cancelPending) cancelAll(home)
  const timer = timeout < 2 ** 31 ? setTimeout(() => cancelAll(home), timeout) : undefined
  await endings.get(home)
  clearTimeout(timer)
}

function cancelAll(home: Home): void {
  home.cancelAll(new CancelledError('the pool was closed before this call had finished'))
  void home.end()
}

/** @throws OptionError */
export function checkedClose(options: unknown): CloseOptions {
  if (typeof options !== 'object' || options === null)
    throw new OptionError(`close: options must be an object, got ${String(options)}`)
  for (const name of Object.keys(options)) {
    if (name !== 'timeout' && name !== 'cancelPending')
      throw new OptionError(`close has no option '${name}'; it has timeout, cancelPending`)
  }
  const { timeout, cancelPending } = options as CloseOptions
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) {
    throw new OptionError(`close: option 'timeout' must be a number of ms from 0, or Infinity, got ${String(timeout)}`)
  }
  if (cancelPending !== undefined && typeof cancelPending !== 'boolean') {
    throw new OptionError(`close: option 'cancelPending' must be true or false, got ${String(cancelPending)}`)
  }
  return options as CloseOptions
}
