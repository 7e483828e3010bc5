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

test('a view brings its own bytes and no more, wherever it stands', async (t) => {
  const pool = createPool({ workers: 1 })
  class Box {
    readonly held = Buffer.from('own')
  }
  const look = (box: { held: Buffer }, ctx: { use: Box; metadata: Box }): unknown => {
    const tell = ({ held }: { held: Buffer }): unknown => [Buffer.isBuffer(held), String(held), held.buffer.byteLength]
    return [box, ctx.use, ctx.metadata].map(tell)
  }
  const [use, metadata] = [new Box(), new Box()]
  const seen = await pool.run(look as never, [new Box()] as never, { use, metadata: { ...metadata } } as never)
  t.deepEqual(seen, [1, 2, 3].map(() => [true, 'own', 3]) as never)
  const back = await pool.run(() => Object.assign(new EventTarget(), { held: Buffer.from('back') }))
  t.deepEqual([Buffer.isBuffer(back.held), String(back.held), back.held.buffer.byteLength], [true, 'back', 4])
  await pool.close()
})
