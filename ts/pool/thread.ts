/** Starts the thread of a worker. What it is to be it learns from its boot message, which may be there before it runs or come later. */
import { Worker } from 'node:worker_threads'
import { WORKER_FILE } from '../places.ts'
import { withUsableFlags } from './exec-argv.ts'
import type { PoolSettings } from '../options/settings.ts'

/** It keeps nothing alive. `label` tells it from others of its pool, where threads have names. */
export function startThread(settings: PoolSettings, label: string): Worker {
  const thread = withUsableFlags(settings.execArgv, (execArgv) => {
    return new Worker(WORKER_FILE, {
      name: `${settings.name}:${label}`,
      ...(execArgv === undefined ? {} : { execArgv }),
      resourceLimits: settings.resourceLimits,
      ...(settings.env === undefined ? {} : { env: settings.env }),
    })
  })
  thread.unref()
  return thread
}
