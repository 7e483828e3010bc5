// A task fills its heap: its item fails as out of memory, the process and the other items do not notice. What is too large for any heap, and an order to
// abort the process, fail as Node has it.
import test from 'ava'
import { fails } from './support/scene.ts'

test('out of memory by small objects', (t) => {
  const pool = { resourceLimits: { maxOldGenerationSizeMb: 32 } }
  return fails(t, 'fillsHeap', { class: 'OutOfMemoryError', code: 'ERR_OUT_OF_MEMORY' }, { pool })
})

for (const hazard of ['hugeArray', 'hugeBuffer', 'hugeString']) {
  test(`${hazard}: more than the engine gives anybody`, (t) => fails(t, hazard, { class: 'RangeError' }))
}

test('process.abort', (t) => fails(t, 'aborts', { class: 'TypeError', code: 'ERR_WORKER_UNSUPPORTED_OPERATION' }))
