// The package inside jest's own realm and module registry, by `import` and by `require` in one file.
import { createRequire } from 'node:module'
import * as imported from 'everycore'

const required = createRequire(import.meta.url)('everycore')

afterAll(() => imported.shutdown())

test('import and require give one instance', () => {
  expect(Object.entries(imported).filter(([name, value]) => value !== required[name])).toEqual([])
  expect(Object.keys(imported).length).toBeGreaterThan(10)
})

test('work comes back', async () => {
  await expect(imported.parMap([1, 2, 3], (n) => n * 2)).resolves.toEqual([2, 4, 6])
})
