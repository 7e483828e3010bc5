// A pool of its own: two workers, prepared by a function before their first work, closed at the end of the block's scope.
import { createPool } from 'everycore'

const pool = createPool({
  workers: 2,
  setup: () => {
    globalThis.greeting = 'hello from a prepared worker'
  },
})

console.log(await pool.run(() => globalThis.greeting))

const squares = await pool.parMap([1, 2, 3], (n) => n * n, {
  onProgress: ({ done, total }) => done === total && console.log('all done'),
})
console.log(squares)

await pool.close()
