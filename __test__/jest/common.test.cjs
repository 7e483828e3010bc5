// The package inside jest's own realm and module registry, by `require`.
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { EverycoreError, parMap, run, shutdown, workerModule } = require('everycore')

afterAll(() => shutdown())

test('an inline function runs in workers', async () => {
  const results = await parMap([1, 2, 3], (n) => [n * 2, require('node:worker_threads').isMainThread])
  expect(results).toEqual([
    [2, false],
    [4, false],
    [6, false],
  ])
})

test('a module runs in workers', async () => {
  const { double } = workerModule(pathToFileURL(join(__dirname, 'double.cjs')))
  await expect(parMap([1, 2], double)).resolves.toEqual([2, 4])
})

test('an async function stays on the caller', async () => {
  const seen = []
  await parMap([1, 2], async (n) => seen.push(n))
  expect(seen).toEqual([1, 2])
})

test('typed arrays, maps and dates come back equal', async () => {
  const value = { map: new Map([[1, new Date(0)]]), array: new Float64Array([1, 2]), set: new Set(['a']) }
  await expect(run((x) => x, [value])).resolves.toEqual(value)
})

test('records and texts by the thousand are of this realm, too', async () => {
  const records = Array.from({ length: 3000 }, (_, i) => ({
    i,
    half: i / 2,
    text: `no. ${i}`,
    odd: i % 2 === 1,
    none: null,
  }))
  const results = await parMap(records, ({ i, ...rest }) => ({ ...rest, i, square: i * i }))
  expect(results).toStrictEqual(records.map(({ i, ...rest }) => ({ ...rest, i, square: i * i })))
  expect(await parMap(records, ({ text }) => text + '!')).toEqual(records.map(({ text }) => text + '!'))
})

test('errors are recognised in spite of the realms', async () => {
  const thrown = await run(() => JSON.parse('{')).catch((error) => error)
  expect(thrown.name).toBe('SyntaxError')

  const wrong = await run(1).catch((error) => error)
  expect(wrong).toBeInstanceOf(EverycoreError)
  expect(wrong.code).toBe('ERR_OPTION')
})

test('a second registry gives the same addon and works too', async () => {
  jest.resetModules()
  const again = require('everycore')
  await expect(again.parMap([1, 2], (n) => n + 1)).resolves.toEqual([2, 3])
  await again.shutdown()
})
