/**
 * The faults, as one call each: the task of `tasks.mjs` (or of another module) that meets it, what the library must offer for it, and what must come of it. What
 * counts as told is lenient: any error whose message says something, unless the fault is about the error itself.
 */

const said = ({ error }) => error !== undefined && error.message.length > 0
const rejects = ({ error }) => error !== undefined

/** A module by the way it goes wrong. */
const module = (file) => ({ needs: 'modules', file, task: 'same', told: said })
const endless = (task) => ({ task, abortAfter: 100, needs: 'abort', told: rejects })

export const faults = {
  'throws an Error': {
    task: 'throwsError',
    told: ({ error }) => error?.name === 'RangeError' && error.message === 'thrown',
  },
  'throws it after awaits': { task: 'throwsLater', told: ({ error }) => error?.message === 'thrown' },
  'throws null': { task: 'throwsNull', told: rejects },
  'rejects with undefined': { task: 'rejectsUndefined', told: rejects },
  'code and cause of an error': {
    task: 'throwsDetailed',
    told: ({ error }) => error?.code === 'E_TAX' && error.cause === 'TypeError: inner',
  },
  'errors of an AggregateError': { task: 'throwsAggregate', told: ({ error }) => error?.errors === 2 },
  'an error whose getters throw': { task: 'throwsGetters', told: rejects },
  'result that cannot be cloned': { task: 'returnsFunction', told: said },
  'result with a getter that throws': { task: 'returnsGetter', told: said },
  'result a million levels deep': { task: 'returnsDeep', told: said },
  'argument that cannot be cloned': { task: 'same', item: () => ({ callback() {} }), told: said },
  'argument that is detached': {
    task: 'same',
    item() {
      const view = new Uint8Array(8)
      structuredClone(view.buffer, { transfer: [view.buffer] })
      return view
    },
    told: said,
  },
  'process.exit': { task: 'exits', told: said },
  'process.exit with 0': { task: 'exitsCleanly', told: said },
  'process.exit a turn later, while it awaits': { task: 'exitsTicking', told: said },
  'out of memory': { task: 'fillsHeap', told: said },
  'stack overflow': { task: 'overflows', told: said },
  'endless loop, aborted': endless('loops'),
  'regular expression without end, aborted': endless('matches'),
  'promise without end, aborted': endless('waits'),
  // Longer than anybody waits here.
  'native code, aborted': { ...endless('derives'), slow: true },
  'promise that nothing can settle': { task: 'neverSettles', told: said },
  'uncaught exception while it awaits': { task: 'uncaughtWhilePending', told: said },
  'rejection of nobody while it awaits': { task: 'floats', told: said },
  'uncaught exception after it has returned': {
    task: 'uncaughtAfterReturn',
    told: ({ value }) => value === 'returned',
    mayWarn: true,
  },
  'Promise.prototype.then replaced': { task: 'patchesThen', told: ({ value }) => value === 'patched' },
  'frozen prototypes': { task: 'freezes', told: ({ error }) => error?.message === 'thrown' },
  'module not found': module('not-there.mjs'),
  'module that throws': module('throwing.mjs'),
  'module that exits': module('exiting.mjs'),
  'function that is not exported': { task: 'absent', told: said },
  'closed while a loop runs': { task: 'loops', closes: true, told: rejects },
  'left alone, without a close': { task: 'same', leaves: true, told: ({ value }) => value === 'fault' },
}
