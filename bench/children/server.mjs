/** A Fastify server with a light and a heavy route; where the heavy one computes is what is compared. Sends its port to its parent. */
import fastify from 'fastify'
import { openPeer } from '../peers/open.mjs'
import { mixPacked } from '../work/mix.mjs'

const [library, code] = process.argv.slice(2)
const heavy = Number(code)
const compute =
  library === 'plain'
    ? () => mixPacked(heavy)
    : await openPeer(library).then((pool) => () => pool.call('mixPacked', heavy))

const server = fastify()
server.get('/light', async () => ({ hello: 'world' }))
server.get('/heavy', async () => ({ result: await compute() }))
await server.listen({ port: 0, host: '127.0.0.1' })
process.on('disconnect', () => process.exit())
process.send(server.server.address().port)
