// jest as most projects run it: CommonJS, one realm a file; the ES module run only adds a flag of Node's.
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {},
}
