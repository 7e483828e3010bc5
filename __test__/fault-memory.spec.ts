// A task fills its heap: its item fails as out of memory, the process and the other items do not notice.
import test from 'ava'
import { fails } from './support/scene.ts'

test('out of memory by small objects', (t) => {
  const pool = { resourceLimits: { maxOldGenerationSizeMb: 32 } }
  return fails(t, 'fillsHeap', { class: 'OutOfMemoryError', code: 'ERR_OUT_OF_MEMORY' }, { pool })
})
