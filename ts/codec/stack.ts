// Reads the stack of any error safely, and leaves out the frames of this package, which tell its user nothing.

import { OWN_PLACES } from '../places.ts'

const FRAME = /^\s*at /

const ownGetter = Object.getOwnPropertyDescriptor(new Error(), 'stack')?.get
const inheritedGetter = Object.getOwnPropertyDescriptor(Error.prototype, 'stack')?.get

// The stack as text without frames of this package; empty where there is none, or only a getter of the user's.
export function stackOf(error: Error): string {
  try {
    const property = Object.getOwnPropertyDescriptor(error, 'stack')
    const get = property === undefined ? inheritedGetter : property.get
    const stack: unknown =
      get === undefined
        ? property?.value
        : get === ownGetter || get === inheritedGetter
          ? Reflect.apply(get, error, [])
          : undefined
    return typeof stack === 'string' ? withoutOwnFrames(stack) : ''
  } catch {
    // A prepareStackTrace of the user's threw.
    return ''
  }
}

// A worker's stack with the frames of the call below it.
export function joinStacks(inner: string, call: string | undefined): string {
  if (call === undefined) return inner
  if (call !== lastCall.stack) lastCall = { stack: call, frames: framesOf(call) }
  return lastCall.frames === '' ? inner : `${inner}\n${lastCall.frames}`
}

// Where one item of a call fails others may, too.
let lastCall = { stack: '', frames: '' }

const framesOf = (stack: string): string =>
  withoutOwnFrames(stack)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n')

// Node's own frames right below ours are those that started us; they go, too.
function withoutOwnFrames(stack: string): string {
  let belowOwn = false
  const kept = stack.split('\n').filter((line) => {
    if (!FRAME.test(line)) return true
    if (OWN_PLACES.some((place) => line.includes(place))) {
      belowOwn = true
      return false
    }
    belowOwn &&= /\(node:|at node:|at new Promise \(<anonymous>\)/.test(line)
    return !belowOwn
  })
  return kept.join('\n')
}
