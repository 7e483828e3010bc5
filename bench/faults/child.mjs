/**
 * Plays one fault with one library, and says on its standard output, a line a stage, what has come of it: the faulty call, one beside it, two after it, the close.
 * Each stage is waited for for `limit` ms; that the process then ends by itself is for the parent to see.
 */
import { faults } from './catalogue.mjs'
import { libraries } from './libraries.mjs'

const [library, name, limit] = process.argv.slice(2)
const { task, item = () => 'fault', file, abortAfter, closes, leaves, told } = faults[name]

function read(get) {
  try {
    return get()
  } catch {
    return undefined
  }
}

/** What all errors are asked. */
function describe(error) {
  const text = (value) => (value === undefined ? '' : String(value))
  if (typeof error !== 'object' || error === null) return { name: '', message: text(error) }
  return {
    name: text(read(() => error.name)),
    message: text(read(() => error.message)),
    code: read(() => error.code),
    cause: read(() => error.cause && String(error.cause)),
    errors: read(() => error.errors?.length),
  }
}

async function outcomeOf(start) {
  let timer
  const late = new Promise((resolve) => (timer = setTimeout(resolve, Number(limit), { unsettled: true })))
  const called = (async () => ({ value: await start() }))().catch((error) => ({ error: describe(error) }))
  const outcome = await Promise.race([called, late])
  clearTimeout(timer)
  return outcome
}

const say = (stage, fine) => console.log(JSON.stringify({ stage, fine: fine === true }))

const pool = await libraries[library].open()
await outcomeOf(() => pool.call('same', 'warm', {}))
const controller = new AbortController()
const call = (name, what, options = {}) => outcomeOf(() => pool.call(name, what, options))
const signal = abortAfter === undefined ? undefined : controller.signal
const faulty = call(task, item(), { signal, file })
const beside = call('same', 'beside')
if (signal !== undefined) setTimeout(() => controller.abort(), abortAfter)

async function close() {
  const { unsettled } = await outcomeOf(() => pool.close())
  say('close', unsettled === undefined)
}

if (closes) {
  say('beside', (await beside).value === 'beside')
  await close()
  say('told', told(await faulty))
} else {
  const outcome = await faulty
  say('settles', outcome.unsettled === undefined)
  say('told', outcome.unsettled === undefined && told(outcome))
  say('beside', (await beside).value === 'beside')
  say('after', (await call('same', 1)).value === 1 && (await call('same', 2)).value === 2)
  if (!leaves) await close()
}
