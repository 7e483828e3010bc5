/** Texts to work on: sources and READMEs of the packages that are installed for development, and our own modules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Packages whose sources are of a usual size and as their authors wrote them. */
const WRITTEN = ['fastify/lib', 'autocannon/lib', 'terser/lib', 'workerpool/src', 'light-my-request/lib', 'avvio/lib']

const SMALLEST = 2000

const MODULES = fileURLToPath(new URL('../../ts', import.meta.url))

function under(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(ROOT, folder, name))
}

const large = (texts) => texts.filter((text) => text.length >= SMALLEST)

export function sources(most) {
  const paths = WRITTEN.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) => under(folder))
  return large(paths.toSorted().map((path) => readFileSync(path, 'utf8'))).slice(0, most)
}

export function modules(most) {
  const names = readdirSync(MODULES, { recursive: true }).filter((name) => name.endsWith('.ts'))
  return large(names.toSorted().map((name) => readFileSync(join(MODULES, name), 'utf8'))).slice(0, most)
}

export function readmes(most) {
  const paths = readdirSync(ROOT).map((name) => join(ROOT, name, 'README.md'))
  return large(paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'))).slice(0, most)
}
