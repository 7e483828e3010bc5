// The package inside jest's own realm and module registry, by `import` and by `require` in one file.
import { createRequire } from 'node:module'
import * as imported from 'everycore'

const required = createRequire(import.meta.url)('everycore')
test('one instance by import and require', () => {
  expect(imported.placeholder).toBe(required.placeholder)
})
