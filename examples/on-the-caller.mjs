// An async function waits more than it computes, so it stays on this thread, closures and all, 32 calls at a time.
import { createServer } from 'node:http'
import { parMap } from 'everycore'

const server = createServer((request, response) => setTimeout(() => response.end(`page ${request.url}`), 20))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}`
// The first fetch of a process loads the machinery of all of them.
await (await fetch(base)).text()
const urls = Array.from({ length: 64 }, (_, i) => `${base}/${i}`)

const pages = await parMap(urls, async (url, index, { signal }) => (await fetch(url, { signal })).text())
console.log(`${pages.length} pages, the last is '${pages.at(-1)}'`)

// At most 8 requests at once, and a failure stands in its place instead of failing the whole.
const some = await parMap([urls[0], 'not a url'], async (url) => (await fetch(url)).status, {
  concurrency: 8,
  onError: 'return',
})
console.log(some.map((one) => (one instanceof Error ? one.name : one)).join(', '))

server.close()
server.closeAllConnections()
