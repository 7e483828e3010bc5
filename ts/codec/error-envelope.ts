// Takes an error apart where it was thrown, and puts it together as itself where it is caught.

export { dismantle } from './error-dismantle.ts'
export { rebuild, rebuildOrTell } from './error-rebuild.ts'
export type { ErrorRecord } from './error-record.ts'
