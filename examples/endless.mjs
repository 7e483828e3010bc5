// A source without end: pulled only as there is room, worked on in every worker, yielded in order. Leaving the loop ends all of it.
import { batch, batches, lazyParMap } from 'everycore'

function* readings() {
  try {
    for (let id = 0; ; id++) yield { id, value: (id * 7919) % 100_003 }
  } finally {
    console.log('the source is closed')
  }
}
const scored = ({ id, value }) => ({ id, score: Math.sqrt(value / 100_003) })

for await (const { id, score } of lazyParMap(readings(), scored)) {
  if (score < 0.999_99) continue
  console.log(`reading ${id} is the first with so high a score`)
  break
}

// By the batch, for functions that do better with many items at once: here what stands for an insertion into a database.
const insertMany = async (rows) => rows.map((row) => `row ${row.id}`)
const rows = Array.from({ length: 1234 }, (_, id) => ({ id }))
const inserted = await batch(rows, insertMany, { size: 500 })
console.log(`${inserted.length} rows inserted, the last is '${inserted.at(-1)}'`)

// Both: batches of an endless source, each through one call in a worker.
for await (const highest of lazyParMap(batches(readings(), { size: 100 }), (some) => some.map(({ id }) => id).at(-1))) {
  if (highest < 1000) continue
  console.log(`batches up to reading ${highest}`)
  break
}
