/** Data of the native workloads: the same in every run. */

/** Numbers without end in [0, 1) (xorshift). */
export function* random(seed = 1) {
  let x = seed | 1
  let y = 362_436_069
  for (;;) {
    const t = x ^ (x << 11)
    x = y
    y = y ^ (y >>> 19) ^ t ^ (t >>> 8)
    yield ((y >>> 0) + (x >>> 5) / 2 ** 27) / 2 ** 32
  }
}

/** That many doubles. */
export function doubles(count, seed) {
  const numbers = random(seed)
  return Float64Array.from({ length: count }, () => numbers.next().value)
}

/** The same numbers on shared memory. */
export function shared(array) {
  const copy = new array.constructor(new SharedArrayBuffer(array.byteLength))
  copy.set(array)
  return copy
}

/** That many objects with a number, a text and a place. */
export function records(count) {
  const numbers = random(7)
  return Array.from({ length: count }, (_, id) => {
    const n = numbers.next().value
    return { n: n * 1000, s: `${Math.floor(n * 1e9).toString(36)}-${id % 97}`, id }
  })
}

/** A text of so many words, of some 20,000 different ones, common ones far more often. */
export function text(words) {
  const numbers = random(11)
  const word = () => Math.floor(20_000 * numbers.next().value ** 4)
  return Array.from({ length: words }, () => `w${word().toString(36)}`).join(' ')
}
