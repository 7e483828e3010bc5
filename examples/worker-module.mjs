// A module's function on every core. Without `workerModule` the same call would be `hashAndCount(path)` in a loop.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parMap, workerModule } from 'everycore'

const files = workerModule(new URL('files.mjs', import.meta.url))
const folder = fileURLToPath(new URL('.', import.meta.url))
const paths = readdirSync(folder).map((name) => folder + name)

const results = await parMap(paths, files.hashAndCount)
console.log(`${results.length} files hashed`)

// Called by itself, the function gives a job for that one call.
const own = await files.hashAndCount(fileURLToPath(import.meta.url))
console.log(`this file has ${own.words > 50 ? 'more' : 'fewer'} than 50 words`)
