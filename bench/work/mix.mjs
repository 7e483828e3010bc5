/** Pure computing of a known length: what stands for a user's work wherever only its time matters. */

/** Mixes a number `steps` times; nothing of it can be optimised away, for the result is returned. */
export function mix(seed, steps) {
  let x = seed | 1
  for (let i = 0; i < steps; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x >>> 0
}

const SEEDS = 1024

/** A seed and the number of steps in one number, so that an item of any grain is as cheap to send as a number. */
export const packed = (seed, steps) => steps * SEEDS + (seed % SEEDS)

/** The work that such a number asks for. */
export const mixPacked = (code) => mix(code % SEEDS, Math.floor(code / SEEDS))

let perStep

/** How many steps take so many milliseconds on this machine. */
export function stepsOf(ms) {
  perStep ??= calibrate()
  return Math.max(1, Math.round(ms / perStep))
}

function calibrate() {
  let sink = 0
  const run = (steps, times) => {
    const start = performance.now()
    for (let i = 0; i < times; i++) sink ^= mix(i, steps)
    return (performance.now() - start) / times
  }
  run(1000, 10_000)
  const best = Math.min(...Array.from({ length: 5 }, () => run(1000, 2000))) / 1000
  // The sink is used, so that the loop cannot be left out.
  return sink === 0.5 ? 0 : best
}
