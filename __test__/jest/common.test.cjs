// The package inside jest's own realm and module registry, by `require`.
const everycore = require('everycore')

test('require gives the package', () => {
  expect(everycore.placeholder).toBe(1)
})
