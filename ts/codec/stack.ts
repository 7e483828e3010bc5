// Reads the stack of any error safely, and leaves out the frames of this package, which tell its user nothing.

import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const FRAME = /^\s*at /

// Compiled files stand in `dist/ts/codec`, where source maps show `ts/codec`. Bundled into a user's file there is no telling the frames apart.
const dist = resolve(__dirname, '../..')
const home = resolve(dist, '..')
const ownPlaces =
  basename(dist) === 'dist'
    ? ['dist/', 'ts/', 'index.ts', 'index.mts', 'binding.cjs'].flatMap((name) => [
        resolve(home, name) + (name.endsWith('/') ? '/' : ''),
        pathToFileURL(resolve(home, name)).href + (name.endsWith('/') ? '/' : ''),
      ])
    : []

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
    if (ownPlaces.some((place) => line.includes(place))) {
      belowOwn = true
      return false
    }
    belowOwn &&= /\(node:|at node:|at new Promise \(<anonymous>\)/.test(line)
    return !belowOwn
  })
  return kept.join('\n')
}
