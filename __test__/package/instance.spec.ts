// One package, one instance: `import` and `require` see the same objects, under the same names.
import { createRequire } from 'node:module'
import test from 'ava'
import * as imported from 'everycore'
import * as testingImported from 'everycore/testing'

const required: Record<string, unknown> = createRequire(import.meta.url)('everycore')
const testingRequired: Record<string, unknown> = createRequire(import.meta.url)('everycore/testing')

test('import and require give the same objects', (t) => {
  for (const [name, value] of Object.entries(imported)) t.true(Object.is(value, required[name]), name)
})

test('the ESM wrapper names everything that the CommonJS build exports', (t) => {
  const commonjs = Object.keys(required).filter((name) => name !== '__esModule')
  t.deepEqual(Object.keys(imported).toSorted(), commonjs.toSorted())
})

test('everycore/testing likewise', (t) => {
  for (const [name, value] of Object.entries(testingImported)) t.true(Object.is(value, testingRequired[name]), name)
  const commonjs = Object.keys(testingRequired).filter((name) => name !== '__esModule')
  t.deepEqual(Object.keys(testingImported).toSorted(), commonjs.toSorted())
})

test('what is public keeps its name where all code is in one file', (t) => {
  for (const [name, value] of Object.entries({ ...imported, ...testingImported })) {
    if (typeof value === 'function') t.is(value.name, name)
  }
  t.is(imported.parIter([]).constructor.name, 'ParIter')
})
