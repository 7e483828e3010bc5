/**
 * For tests of programs that use everycore: run in order, cause a fault by name, check that nothing is left.
 *
 * This file lists the public names; each is explained where it is defined.
 */
export { assertIdle } from './ts/testing/assert-idle.ts'
export { delay } from './ts/testing/delay.ts'
export { fillQueue } from './ts/testing/fill-queue.ts'
export { kill } from './ts/testing/kill.ts'
export { sequentially } from './ts/testing/sequentially.ts'
