// Divide and conquer: calls that make calls, each in whichever worker is free.
import { workerModule } from 'everycore'

const { fibonacci, mergeSort } = workerModule(new URL('divide.mjs', import.meta.url))

console.log(await fibonacci(26))

const numbers = Float64Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 40_009)
const sorted = await mergeSort(numbers)
console.log(
  sorted.every((x, i) => i === 0 || sorted[i - 1] <= x),
  sorted[0],
  sorted.at(-1),
)
