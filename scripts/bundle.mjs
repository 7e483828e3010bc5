/**
 * Makes `dist/`'s JavaScript, next to the declarations that the compiler has put there.
 *
 * A worker that loads a hundred small files spends two thirds of its start on finding, reading and wrapping them; and V8 parses all of a file, needed or
 * not. So there are two files with code, `base.js`, which is all that a worker needs, and `everycore.js`, which a caller needs besides; the others are
 * doors to them: the package's entries for `require` and `import`, and `worker.js`, which a worker's thread runs.
 */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const TARGET = { platform: 'node', target: 'node20.19', logLevel: 'warning' }
// Only ES modules are split by what they share.
const BUNDLE = {
  ...TARGET,
  bundle: true,
  format: 'esm',
  packages: 'external',
  external: ['#binding'],
  outdir: 'dist',
  write: false,
}

const { outputFiles } = await build({
  ...BUNDLE,
  entryPoints: { everycore: 'ts/everycore.ts', worker: 'ts/worker-thread.ts' },
  splitting: true,
  chunkNames: 'base',
})
for (const { path, text } of outputFiles) {
  // Constants of the importing file: read through the getters of esbuild's modules, what an item's way uses costs a fifth more of all.
  const bound = text.replace(
    /^import \{([^}]*)\} from "\.\/base\.js";$/m,
    (_, names) => `const {${names.replaceAll(' as ', ': ')}} = require("./base.js");`,
  )
  const { code } = await transform(bound, { ...TARGET, format: 'cjs' })
  writeFileSync(`dist/${basename(path)}`, `'use strict'\n${code}`)
}

/** The values that an entry exports, in alphabetical order. */
async function namesOf(entry) {
  const { metafile } = await build({ ...BUNDLE, entryPoints: [entry], metafile: true })
  return Object.values(metafile.outputs)[0].exports.toSorted()
}

for (const entry of ['index', 'testing']) {
  const names = `{\n${(await namesOf(`${entry}.ts`)).map((name) => `  ${name},\n`).join('')}}`
  writeFileSync(
    `dist/${entry}.js`,
    `'use strict'\nconst ${names} = require('./everycore.js')\nmodule.exports = ${names}\n`,
  )
  writeFileSync(`dist/${entry}.mjs`, `export ${names} from './${entry}.js'\n`)
}
