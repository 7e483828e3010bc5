/**
 * The functions that workloads run in workers: one item in, one result out, so that every library calls the very same ones.
 *
 * What a worker rarely needs it imports when it is first asked for.
 */
import { mix, mixPacked } from './mix.mjs'

export { mixPacked }

export const increment = (x) => x + 1

export const upper = (text) => text.toUpperCase()

export const priced = ({ id, name, price, count }) => ({ id, name, total: price * count })

/** Adler-32 of some bytes. */
export function checksum(bytes) {
  let a = 1
  let b = 0
  for (let i = 0; i < bytes.length; i++) {
    a = (a + bytes[i]) % 65_521
    b = (b + a) % 65_521
  }
  return ((b << 16) | a) >>> 0
}

export const root = (x) => Math.sqrt(x * x + 1)

export const mixRecord = ({ id, steps, label }) => ({ id, value: mix(id, steps), label })

export const mixMap = (item) => new Map([['value', mix(item.get('id'), item.get('steps'))]])

export function sum(numbers) {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]
  return total
}

/** What a user writes who sends chunks by hand: one of the functions above, for each of some items. */
export function each({ name, items }) {
  const fn = functions[name]
  return items.map((item) => fn(item))
}

/** The same where the items stand in shared memory, as do the results. */
export function range({ name, from, to, input, output }) {
  const fn = functions[name]
  for (let i = from; i < to; i++) output[i] = fn(input[i])
}

let terser
export async function minify(source) {
  terser ??= await import('terser')
  return terser.minify_sync(source, { mangle: true, compress: true }).code
}

let marked
export async function render(text) {
  marked ??= await import('marked')
  return marked.parse(text)
}

let ts
export async function transpile(source) {
  // The compiler's last line in JavaScript; that of the line after it is a program of its own.
  ts ??= (await import('@ts-morph/common')).ts
  const { ESNext: target } = ts.ScriptTarget
  return ts.transpileModule(source, { compilerOptions: { target } }).outputText
}

let bcrypt
export async function hashed({ password, salt }) {
  bcrypt ??= (await import('bcryptjs')).default
  return bcrypt.hashSync(password, salt)
}

/** By name, for those who are told it at run time. */
export const functions = {
  increment,
  upper,
  priced,
  checksum,
  root,
  mixPacked,
  mixRecord,
  mixMap,
  sum,
  each,
  range,
  minify,
  render,
  transpile,
  hashed,
}
