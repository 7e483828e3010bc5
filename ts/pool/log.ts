/** `NODE_DEBUG=everycore` tells starts, deaths and restarts. */
import { debuglog } from 'node:util'

export const log: (format: string, ...values: unknown[]) => void = debuglog('everycore')
