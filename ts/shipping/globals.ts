/** Which names every worker has: those of the language, asked from a fresh realm, and those of Node, from a list. */
import { runInNewContext } from 'node:vm'

/** In every Node from 20.19 on, whatever a test environment has taken off its own global object. */
const NODE: readonly string[] = [
  'AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream',
  'CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventTarget File FormData',
  'Headers MessageChannel MessageEvent MessagePort Performance PerformanceEntry PerformanceMark PerformanceMeasure',
  'PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableByteStreamController',
  'ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController',
  'ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder',
  'TextEncoderStream TransformStream TransformStreamDefaultController URL URLSearchParams WritableStream',
  'WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval clearTimeout',
  'console crypto fetch global performance process queueMicrotask setImmediate setInterval setTimeout structuredClone',
].flatMap((line) => line.split(' '))

/** In some Node versions only: a worker has them where this thread has them. */
const NEWER_NODE: readonly string[] = (
  'CloseEvent ErrorEvent EventSource Navigator QuotaExceededError Storage URLPattern WebSocket ' +
  'localStorage navigator sessionStorage'
).split(' ')

let names: Set<string> | undefined

/**
 * Is `name` a global that a worker has too? What a program or a test runner has put on its own `globalThis` is not:
 * workers start without it. That a module has a variable of this name cannot be seen from a function's source.
 */
export function isGlobal(name: string): boolean {
  names ??= new Set([...languageNames(), ...NODE, ...NEWER_NODE.filter((it) => it in globalThis)])
  return names.has(name)
}

/** Is it one of Node's, parts of which are written in JavaScript? */
export function isNodeGlobal(name: string): boolean {
  return NODE.includes(name) || NEWER_NODE.includes(name)
}

function languageNames(): string[] {
  return runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]
}
