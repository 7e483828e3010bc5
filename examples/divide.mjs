// Functions that divide their work, run the parts as calls of their own, and never wait for each other in vain: they run in workers, at any depth.
import { workerModule } from 'everycore'

const own = workerModule(import.meta.url)

/** Below a threshold a call costs more than the work. */
export async function fibonacci(n) {
  if (n < 22) return plainFibonacci(n)
  const [a, b] = await Promise.all([own.fibonacci(n - 1), own.fibonacci(n - 2)])
  return a + b
}

function plainFibonacci(n) {
  return n < 2 ? n : plainFibonacci(n - 1) + plainFibonacci(n - 2)
}

/** Sorts halves at the same time, then merges them. */
export async function mergeSort(numbers) {
  if (numbers.length < 5000) return numbers.toSorted()
  const middle = numbers.length >> 1
  const halves = await Promise.all([own.mergeSort(numbers.slice(0, middle)), own.mergeSort(numbers.slice(middle))])
  return merge(...halves)
}

function merge(a, b) {
  const merged = new Float64Array(a.length + b.length)
  for (let i = 0, j = 0, at = 0; at < merged.length; at++)
    merged[at] = j === b.length || (i < a.length && a[i] <= b[j]) ? a[i++] : b[j++]
  return merged
}
