/** The analysis of a function, made once per function and once per source text. */
import { addon } from '../binding.ts'
import { answered } from '../thread-end.ts'

export type FunctionAnalysis = ReturnType<typeof addon.analyseFunction>
export type FunctionVariable = FunctionAnalysis['free'][number]

export interface Source {
  readonly text: string
  readonly analysis: FunctionAnalysis
}

/** Closures made in a loop share their text. Bounded, for programs that make functions from text they make up. */
const MOST_TEXTS = 1000
const byText = new Map<string, Source>()
const byFunction = new WeakMap<Function, Source>()

// Taken now: a function can have its own `toString`, and a program can patch the one all functions share.
const toString = Function.prototype.toString

/** The source of `fn` and what it needs. */
export function sourceOf(fn: Function): Source {
  const known = byFunction.get(fn)
  if (known) return known
  const source = sourceOfText(toString.call(fn))
  byFunction.set(fn, source)
  return source
}

function sourceOfText(text: string): Source {
  const known = byText.get(text)
  if (known) return known
  const source: Source = Object.freeze({ text, analysis: answered(addon.analyseFunction(text)) })
  if (byText.size >= MOST_TEXTS) byText.delete(byText.keys().next().value as string)
  byText.set(text, source)
  return source
}
