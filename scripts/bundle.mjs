/**
 * Makes `dist/`'s JavaScript, next to the declarations that the compiler has put there.
 *
 * All code goes into one file. A worker that loads a hundred small ones spends two thirds of its start on finding, reading and wrapping them.
 * The other files are doors to it: the entries for `require` and `import`, and what a worker thread runs.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  external: ['#binding'],
  logLevel: 'warning',
}

await build({ ...OPTIONS, entryPoints: ['ts/everycore.ts'], format: 'cjs', outfile: 'dist/everycore.js' })

/** The values that an entry exports, in alphabetical order. */
async function namesOf(entry) {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [entry],
    format: 'esm',
    write: false,
    metafile: true,
    outdir: 'dist',
  })
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
writeFileSync('dist/worker.js', "'use strict'\nrequire('./everycore.js').startWorker()\n")
