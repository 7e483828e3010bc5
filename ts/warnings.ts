/** Hints about functions, as process warnings, each once per function: closures made anew from one source are one function. */

/** Sources that have been warned about, by warning; bounded, for a program may make sources. */
const told = new Map<string, Set<string>>()
const REMEMBERED = 1000

/** `hint` is made only where it is told. */
export function warnOnce(source: string, code: string, hint: () => string): void {
  let sources = told.get(code)
  if (sources === undefined) told.set(code, (sources = new Set()))
  if (sources.has(source) || sources.size >= REMEMBERED) return
  sources.add(source)
  process.emitWarning(hint(), { type: 'EverycoreWarning', code })
}
