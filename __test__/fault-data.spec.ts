// Arguments and results that cannot cross: refused with the path to what is wrong, on that item alone, before anything is queued.
import test from 'ava'
import { createPool } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails } from './support/scene.ts'

const same = hazards.same as never

for (const [hazard, path] of [
  ['returnsFunction', 'result.rows[1].callback'],
  ['returnsFunctionLater', 'result.rows[1].callback'],
  ['throwingGetter', 'result.boom'],
  ['detached', 'result'],
] as const) {
  test(`${hazard} as a result`, (t) =>
    fails(t, hazard, { class: 'NotCloneableError', code: 'ERR_NOT_CLONEABLE', path }))
}

function detached(): Uint8Array {
  const view = new Uint8Array(8)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

const bad = {
  function: [() => 1, ''],
  symbol: [Symbol('s'), ''],
  'weak map': [new WeakMap(), ''],
  proxy: [new Proxy({}, {}), ''],
  generator: [(function* () {})(), ''],
  'detached view': [detached(), ''],
  'detached buffer': [detached().buffer, ''],
  'throwing getter': [
    {
      get boom(): never {
        throw new RangeError('getter')
      },
    },
    '.boom',
  ],
  'function deep inside': [{ rows: [1, { callback() {} }] }, '.rows[1].callback'],
} as const

for (const [what, [value, path]] of Object.entries(bad)) {
  test(`${what} as an argument`, async (t) => {
    const pool = createPool({ workers: 1 })
    await t.throwsAsync(pool.run(same, [value] as never), {
      code: 'ERR_NOT_CLONEABLE',
      message: new RegExp(`^arguments\\[0\\]${path.replaceAll(/[.[\]]/g, '\\$&')} `),
    })
    for (const options of [{}, { chunk: 1 }, { retries: 2 }]) {
      const outcomes = await pool.parMap([1, value, 3], same, { ...options, onError: 'return' })
      t.deepEqual([outcomes[0], outcomes[2]], [1, 3] as never)
      t.like(outcomes[1], { code: 'ERR_NOT_CLONEABLE', path: `item${path}` } as never)
    }
    await t.throwsAsync(pool.parMap([1], same, { metadata: { value } }), { code: 'ERR_NOT_CLONEABLE' })
    t.deepEqual([await pool.run(same, [1] as never), await pool.run(same, [2] as never)], [1, 2] as never)
    await pool.close()
  })
}
