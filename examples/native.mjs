// oxlint-disable no-array-sort -- `native.sort` is no sort of an array in place
// Work that needs no JavaScript at all, on native threads.
import { native, parSort } from 'everycore'

const prices = Float64Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 100_003) / 100)
console.log(await native.sum(prices), await native.min(prices), await native.max(prices))

const sorted = await native.sort(prices)
console.log(`median ${sorted[sorted.length / 2]}`)

const files = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')]
for (const digest of await native.hash('sha256', files)) console.log(digest.toString('hex').slice(0, 12))

const people = [
  { name: 'Zoë', born: new Date('1990-05-01') },
  { name: 'Ada', born: new Date('1815-12-10') },
  { name: 'Ada', born: new Date('1990-05-01') },
]
for (const { name, born } of await parSort(people, { by: ['name', 'born'], desc: [false, true] }))
  console.log(name, born.getFullYear())
