/** Starts the thread of a worker. What it is to be it learns from its boot message, which may be there before it runs or come later. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { withUsableFlags } from './exec-argv.ts'
import type { PoolSettings } from '../options/settings.ts'

const ENTRY = join(__dirname, '..', 'worker', 'entry.js')

/** It keeps nothing alive. `label` tells it from others of its pool, where threads have names. */
export function startThread(settings: PoolSettings, label: string): Worker {
  const thread = withUsableFlags(settings.execArgv, (execArgv) => {
    return new Worker(ENTRY, {
      name: `${settings.name}:${label}`,
      ...(execArgv === undefined ? {} : { execArgv }),
      resourceLimits: settings.resourceLimits,
      ...(settings.env === undefined ? {} : { env: settings.env }),
    })
  })
  thread.unref()
  return thread
}
