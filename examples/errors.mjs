// What went wrong comes back as itself: its class, its message, where it happened; an endless loop is stopped too.
import { parMap, run, taskInfo } from 'everycore'

const failed = await parMap([1, 2, 3, 4], (n) => {
  if (n % 2 === 0) throw new RangeError(`${n} is even`)
  return n
}).catch((error) => error)
console.log(failed.message)
console.log(failed.failures.map(({ index, error }) => `item ${index}: ${error instanceof RangeError}`).join(', '))
console.log(`tried once: ${taskInfo(failed.cause).attempt === 1}`)

const endless = await run(
  () => {
    for (;;);
  },
  [],
  { timeout: 200 },
).catch((error) => error)
console.log(endless.code)

const stopped = await parMap(
  [1, 2],
  () => {
    for (;;);
  },
  { signal: AbortSignal.timeout(200) },
).catch((error) => error)
console.log(stopped.name)
