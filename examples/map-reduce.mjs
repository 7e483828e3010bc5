// Counting words by fold and reduce in workers; and the same with the kernel for it.
import { native, parIter } from 'everycore'

const lines = Array.from({ length: 5000 }, (_, i) => `the ${i % 7} quick foxes and the ${i % 3} lazy dogs`)

const counts = await parIter(lines)
  .flatMap((line) => line.split(' '))
  .fold(
    () => new Map(),
    (all, word) => all.set(word, (all.get(word) ?? 0) + 1),
  )
  .reduce((a, b) => {
    for (const [word, count] of b) a.set(word, (a.get(word) ?? 0) + count)
    return a
  })
console.log(counts.get('the'), counts.get('dogs'), counts.size)

const natively = await native.wordCount(lines)
console.log([...natively].every(([word, count]) => counts.get(word) === count) && natively.size === counts.size)
