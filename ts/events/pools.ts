/** What is told of a pool's health on `node:diagnostics_channel`; docs/diagnostics.md describes the message. */
import { channel } from 'node:diagnostics_channel'

/**
 * How a pool is: `'memory'` when the process holds more than its `memoryLimit`, so that new work waits; `'failing'` when its workers cannot start, so
 * that work is refused.
 */
export type PoolHealth = 'ok' | 'memory' | 'failing'

/** Of `everycore:pool:health`. */
export interface HealthMessage {
  readonly pool: string
  readonly health: PoolHealth
}

const health = channel('everycore:pool:health')

export function healthChanged(message: HealthMessage): void {
  if (health.hasSubscribers) health.publish(message)
}
