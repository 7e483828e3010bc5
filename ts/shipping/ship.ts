/** The caller's half of shipping: a function becomes data that a worker can compile, or an error that says why not. */
import { sourceOf, type Source } from './analysis.ts'
import { isGlobal } from './globals.ts'
import { pathOf } from './paths.ts'
import { captureError, problemsOf } from './refusal.ts'
import { supplyFor, type Supply } from './supplies.ts'

/** A function on its way to a worker: plain JSON. The same object every time for the same source text. */
export type Shipment = { readonly kind: 'path'; readonly path: readonly string[] } | SourceShipment

export interface SourceShipment {
  readonly kind: 'source'
  readonly text: string
  /** Compile outside strict mode: the source does not parse in it. */
  readonly sloppy: boolean
  /** Declared parameters, a rest parameter not counted, those with defaults counted. */
  readonly params: number
  readonly supplies: readonly Supply[]
}

export interface ShipOptions {
  /** What the function is called in an error, where that is not its own name: `use.scale`. */
  readonly label?: string
  /** Whether the verb has an `on` by which the function might run here instead. @default true */
  readonly hasOn?: boolean
}

const bySource = new WeakMap<Source, Shipment>()

/**
 * Makes `fn` ready for a worker.
 *
 * @throws {CaptureError} if it cannot run without the code around it
 */
export function ship(fn: Function, options: ShipOptions = {}): Shipment {
  const source = sourceOf(fn)
  const known = bySource.get(source)
  if (known) return known
  const problems = problemsOf(source, fn.name)
  if (problems.length > 0) {
    // Built-in functions, and those of Node that are written in JavaScript.
    const path = pathOf(fn, source.analysis.form === 'native')
    if (path) return { kind: 'path', path }
    throw captureError(options.label ?? fn.name, problems, options.hasOn ?? true)
  }
  const shipment = pack(source)
  bySource.set(source, shipment)
  return shipment
}

function pack({ text, analysis }: Source): Shipment {
  const supplies = analysis.free.flatMap((it) => (isGlobal(it.name) ? [] : (supplyFor(it) ?? [])))
  let sent = text
  if (analysis.imports.length > 0) {
    const name = unusedName(text)
    supplies.push({ name, helper: 'import' })
    for (const { start } of analysis.imports.toReversed()) {
      sent = sent.slice(0, start) + name + sent.slice(start + name.length)
    }
  }
  return { kind: 'source', text: sent, sloppy: analysis.sloppy, params: analysis.params, supplies }
}

/** A name as long as `import`, so that columns in stacks stay right, which the source does not contain. */
function unusedName(text: string): string {
  for (let tried = 0; ; tried++) {
    const name = `_${tried.toString(36).padStart(5, '$')}`
    if (!text.includes(name)) return name
  }
}
