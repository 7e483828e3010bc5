// An inline function is sent to the workers by its source, so what it needs from outside goes into `use`.
import { parMap } from 'everycore'

const rows = Array.from({ length: 10_000 }, (_, i) => ({ price: i, amount: i % 7 }))
const factor = 1.19

const totals = await parMap(rows, (row, index, { use }) => row.price * row.amount * use.factor, { use: { factor } })
console.log(`${totals.length} rows, ${totals.reduce((a, b) => a + b).toFixed(2)} in all`)

// Forgetting it is told before anything runs.
const forgotten = await parMap(rows, (row) => row.price * factor).catch((error) => error)
console.log(forgotten.code)
