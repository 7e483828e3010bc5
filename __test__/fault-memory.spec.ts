// A task fills its heap: its item fails as out of memory, the process and the other items do not notice. What is too large for any heap, and an order to
// abort the process, fail as Node has it.
import test from 'ava'
import { fails } from './support/scene.ts'

test('out of memory by small objects', (t) => {
  const pool = { resourceLimits: { maxOldGenerationSizeMb: 32 } }
  return fails(t, 'fillsHeap', { class: 'OutOfMemoryError', code: 'ERR_OUT_OF_MEMORY' }, { pool })
})

// From Node 26 on such a buffer counts as a full heap in a worker, with nothing but Node in it, too.
const buffersFillHeaps = Number(process.versions.node.split('.')[0]) >= 26

for (const hazard of ['hugeArray', 'hugeBuffer', 'hugeString']) {
  const fillsHeap = hazard === 'hugeBuffer' && buffersFillHeaps
  const like = fillsHeap ? { class: 'OutOfMemoryError', code: 'ERR_OUT_OF_MEMORY' } : { class: 'RangeError' }
  test(`${hazard}: more than the engine gives anybody`, (t) => fails(t, hazard, like))
}

test('process.abort', (t) => fails(t, 'aborts', { class: 'TypeError', code: 'ERR_WORKER_UNSUPPORTED_OPERATION' }))
