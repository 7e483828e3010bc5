/** How a home ends: what is open may finish within a time, the rest is cancelled, then the threads end. */
import { CancelledError, OptionError } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { CloseOptions } from '../options/interfaces.ts'
import { patience } from '../patience.ts'
import type { Home } from './home.ts'

const endings = new WeakMap<Home, Promise<void>>()

/** Resolves when the last thread of the home has ended; the first call's options count, but a later one may be more impatient. */
export async function closeHome(
  home: Home,
  ledger: Ledger,
  { timeout = Infinity, cancelPending = false }: CloseOptions,
): Promise<void> {
  const ending = endings.get(home)
  if (ending === undefined) {
    const ended = home.quiet().then(() => home.end())
    endings.set(home, ended)
  }
  if (cancelPending) cancelAll(home, ledger)
  const callOff = timeout < 2 ** 31 ? patience.wait(timeout, () => cancelAll(home, ledger)) : undefined
  await endings.get(home)
  callOff?.()
}

function cancelAll(home: Home, ledger: Ledger): void {
  cancelJobs(ledger)
  home.cancelAll(closedUnder())
  void home.end()
}

/** Ends what this thread has opened, also what runs on this thread itself. */
export function cancelJobs(ledger: Ledger): void {
  for (const job of [...ledger.book.open()]) job.job?.cancel(closedUnder())
}

const closedUnder = (): CancelledError => new CancelledError('the pool was closed before this call had finished')

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
