/** Texts to work on: sources and READMEs of the packages that are installed for development, and our own modules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Packages whose sources are of a usual size and as their authors wrote them. */
const WRITTEN = ['fastify/lib', 'autocannon/lib', 'terser/lib', 'workerpool/src', 'light-my-request/lib', 'avvio/lib']

const SMALLEST = 2000

const MODULES = fileURLToPath(new URL('../../ts', import.meta.url))

function under(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
}

const large = (paths) => paths.map((path) => readFileSync(path, 'utf8')).filter((text) => text.length >= SMALLEST)

export function sources(most) {
  const folders = WRITTEN.map((folder) => join(ROOT, folder)).filter((folder) => existsSync(folder))
  return large(folders.flatMap((folder) => under(folder, '.js')).toSorted()).slice(0, most)
}

export function modules(most) {
  return large(under(MODULES, '.ts').toSorted()).slice(0, most)
}

export function readmes(most) {
  const paths = readdirSync(ROOT).map((name) => join(ROOT, name, 'README.md'))
  return large(paths.filter((path) => existsSync(path))).slice(0, most)
}
