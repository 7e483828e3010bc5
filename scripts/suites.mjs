/** What `npm test` runs, cheapest first: each suite's name, its command, and how to read the counts from what its runner printed. */

/** A command that only says yes or no counts as one test. */
const asOne = (_, ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })

/** Adds up the first group of each match. */
const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0)

const cargo = (text) => ({
  passed: sum(text, /^test result: .*? (\d+) passed/gm),
  failed: sum(text, /^test result: .*? (\d+) failed/gm),
})

const ava = (text) => ({
  // Its closing lines leave out those that passed once one has failed.
  passed: text.match(/^ {2}[✔√] /gm)?.length ?? 0,
  failed: sum(text, /^ {2}(\d+) (?:tests?|hooks?) failed$/gm) + sum(text, /^ {2}(\d+) (?:uncaught|unhandled) /gm),
})

const jest = (text) => ({
  passed: sum(text, /^Tests: .*?(\d+) passed/gm),
  failed: sum(text, /^Tests: .*?(\d+) failed/gm),
})

/** criterion in its self-test says `Success` below each benchmark that ran. */
const criterion = (text) => ({ passed: sum(text.replaceAll(/^Success$/gm, 'ran 1'), /^ran (\d)$/gm), failed: 0 })

/** Our own scripts say `ok` or `not ok` before the name of each check. */
const lines = (text) => ({
  passed: text.match(/^ok /gm)?.length ?? 0,
  failed: text.match(/^not ok /gm)?.length ?? 0,
})

const LOOM = { RUSTFLAGS: '--cfg loom', CARGO_TARGET_DIR: 'target/loom' }
const JEST = 'jest --config __test__/jest/jest.config.cjs --ci'

export const suites = [
  { name: 'lint', command: 'oxlint --deny-warnings --report-unused-disable-directives', read: asOne },
  { name: 'format', command: 'oxfmt --check', read: asOne },
  { name: 'rustfmt', command: 'cargo fmt --all --check', read: asOne },
  { name: 'rules', command: 'node scripts/check-rules.mjs', read: lines },
  { name: 'types', command: 'tsc -p tsconfig.json', read: asOne },
  { name: 'type tests', command: 'tsc -p __test__/tsconfig.json', read: asOne },
  { name: 'publint', command: 'publint --strict', read: asOne },
  { name: 'attw', command: 'attw --pack . --no-emoji', read: asOne },
  { name: 'clippy', command: 'cargo clippy --workspace --all-targets --quiet -- -D warnings', read: asOne },
  {
    name: 'rustdoc',
    command: 'cargo doc --workspace --no-deps --document-private-items --quiet',
    env: { RUSTDOCFLAGS: '-D warnings -A rustdoc::private-intra-doc-links' },
    read: asOne,
  },
  { name: 'cargo test', command: 'cargo test --workspace', read: cargo },
  { name: 'loom', command: 'cargo test -p everycore-core --release --test loom', env: LOOM, read: cargo },
  { name: 'criterion', command: 'cargo bench --workspace -- --test', read: criterion },
  { name: 'ava', command: 'ava "__test__/*.spec.ts"', read: ava },
  { name: 'package', command: 'ava "__test__/package/*.spec.ts"', read: ava },
  { name: 'jest', command: `${JEST} --testMatch "**/*.test.cjs"`, read: jest },
  {
    name: 'jest, ES modules',
    command: `${JEST} --testMatch "**/*.test.mjs"`,
    env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    read: jest,
  },
  { name: 'chaos', command: 'node bench/chaos/run.mjs --quick', read: lines },
  { name: 'faults', command: 'node bench/faults/run.mjs --quick', read: lines },
  { name: 'benches', command: 'node bench/run.mjs --quick && node bench/scaling/run.mjs --quick', read: lines },
]
