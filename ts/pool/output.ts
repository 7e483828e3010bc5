/**
 * Where what tasks print goes; and the process does not leave by itself while it is on its way.
 *
 * A task's result may be here before what it printed, and when the process then has nothing left to do, that would be lost with the workers.
 */
import type { Readable } from 'node:stream'
import type { PoolSettings } from '../options/settings.ts'
import type { Host } from './host.ts'
import { PATIENCE_MS } from './printed.ts'

/**
 * Node sends it to the process's own streams. Its options that keep it back would keep the process from leaving for as long as the worker lives, so it is
 * led elsewhere from there.
 */
export function direct(stream: Readable, to: PoolSettings['stdout']): void {
  if (to === true) return
  stream.unpipe()
  if (to === false) stream.resume()
  else stream.pipe(to, { end: false })
}

/** A home, as far as output is concerned. */
export interface Printer {
  readonly hosts: Iterable<Host>
  /** Counts the times in which something was open. */
  readonly busyTimes: number
}

/** Those of this thread that have workers, with which of their times was the last whose output was waited for. */
const printers = new Map<Printer, number>()
/** Parts that had been posted then. */
const waitedFor = new WeakMap<Host, number>()

/** It has workers. One listener for all homes: one for each would soon be more than Node lets pass without a warning. */
export function watchOutput(printer: Printer): void {
  if (printers.has(printer)) return
  if (printers.size === 0) process.on('beforeExit', holdProcess)
  printers.set(printer, 0)
}

/** It has none any more. */
export function unwatchOutput(printer: Printer): void {
  if (printers.delete(printer) && printers.size === 0) process.off('beforeExit', holdProcess)
}

/** Once after each time of work: what tasks leave behind may print for ever. */
function holdProcess(): void {
  for (const [printer, time] of printers) {
    if (time === printer.busyTimes) continue
    printers.set(printer, printer.busyTimes)
    for (const host of printer.hosts) {
      const { posted } = host.printed
      if (posted === (waitedFor.get(host) ?? 0)) continue
      waitedFor.set(host, posted)
      void hold(host)
    }
  }
}

async function hold(host: Host): Promise<void> {
  host.hold('output')
  await host.printed.allPosted(PATIENCE_MS)
  // What was posted is received in the second turn at the latest.
  await turn()
  await turn()
  host.letGo('output')
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
