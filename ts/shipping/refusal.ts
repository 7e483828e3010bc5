/** Why a function cannot be shipped, in words: what stands in the way, and what to do about it. */
import { CaptureError } from '../errors.ts'
import type { FunctionVariable, Source } from './analysis.ts'
import { isGlobal } from './globals.ts'
import { isLoader, supplyFor } from './supplies.ts'

/** One thing that stands in the way. */
export interface Problem {
  /** Continues the sentence “it …”. */
  readonly reason: string
  /** What to do about this very thing, if that is more than the general ways out. */
  readonly hint?: string
  /** The captured variables, if that is the problem. */
  readonly variables?: readonly string[]
}

const FORMS: Readonly<Record<string, Problem>> = {
  native: {
    reason: 'is built in or bound and has no source that could be sent',
    hint: 'wrap it in a function, such as `(x) => x.trim()`; with what it is bound to in `use`',
  },
  class: { reason: 'is a class, which cannot be called', hint: 'wrap it in a function that makes the instance' },
  method: {
    reason: 'is a method, which belongs to its object',
    hint: 'write it as an arrow function or with `function`',
  },
  getter: { reason: 'is a getter, which belongs to its object', hint: 'write it as an arrow function' },
  setter: { reason: 'is a setter, which belongs to its object', hint: 'write it as an arrow function' },
}

const TIES: Readonly<Record<string, Problem>> = {
  this: { reason: 'uses `this`', hint: 'pass what it reads from `this` in `use`' },
  super: { reason: 'uses `super`', hint: 'call a plain function instead' },
  'new.target': { reason: 'uses `new.target` of the function around it' },
  'import.meta': {
    reason: 'uses `import.meta`, which belongs to its module',
    hint: 'pass what it reads from `import.meta` in `use`',
  },
  arguments: { reason: 'uses `arguments` of the function around it', hint: 'take `...args`' },
  'private name': {
    reason: 'uses a private name (`#…`) of the class around it',
    hint: 'give the class a function for it',
  },
  eval: {
    reason: 'calls `eval`, which could read any variable around it',
    hint: '`(0, eval)(text)` reads only globals',
  },
}

/** Everything that stands in the way of shipping; empty if nothing does. */
export function problemsOf({ analysis }: Source, name: string): Problem[] {
  if (analysis.refusal !== undefined) {
    return [{ reason: `has a source that does not stand alone (${analysis.refusal})` }]
  }
  const form = FORMS[analysis.form]
  if (form) return [form]
  const kinds = new Set(analysis.ties.map((it) => it.kind))
  const problems = [...kinds].flatMap((kind) => TIES[kind] ?? [])
  const relative = new Set(relativePaths(analysis))
  for (const path of relative) {
    problems.push({
      reason: `loads ${JSON.stringify(path)}, a path relative to its own file`,
      hint: 'a worker does not know that file: pass an absolute URL in `use`, or use a module as below',
    })
  }
  const captures = analysis.free.filter((it) => !isGlobal(it.name) && !supplyFor(it))
  if (captures.length > 0) problems.push(captured(captures, name))
  return problems
}

/** Is `specifier` a path relative to the file it is written in? */
export function isRelative(specifier: string): boolean {
  return /^\.\.?(\/|$)/.test(specifier)
}

function relativePaths({ free, imports }: Source['analysis']): string[] {
  const literals = [...imports.flatMap((it) => it.literal ?? []), ...free.filter(isLoader).flatMap((it) => it.literals)]
  return literals.filter(isRelative)
}

function captured(captures: FunctionVariable[], name: string): Problem {
  const names = captures.map((it) => it.name)
  const hints = captures.flatMap((it) => hintFor(it, name) ?? [])
  const reason = `uses ${listed(names)} from the code around it, which stays behind`
  return { reason, variables: names, ...(hints.length > 0 && { hint: hints.join('; ') }) }
}

/** What a variable seems to be. Only words depend on it. */
function hintFor({ name, role, references }: FunctionVariable, functionName: string): string | undefined {
  if (references.some((it) => it.write)) {
    return `what it assigns to \`${name}\` would never be seen here: return it instead`
  }
  if (name === functionName) return `if \`${name}\` is the function itself, write it as \`function ${name}(…) {…}\``
  if (/^(module|exports|__filename|__dirname)$/.test(name)) return `\`${name}\` belongs to its file`
  const wrapper = /^(__vi\w*import_|import_|_\w)|_\d+$/.test(name)
  if (role === 'members' && wrapper) {
    return `\`${name}\` looks like an import: load it inside, with \`require('…')\` or \`await import('…')\``
  }
  return undefined
}

/** The whole message: which function, what is in the way, what to do. `hasOn`: the verb has the option `on`. */
export function captureError(name: string, problems: readonly Problem[], hasOn: boolean): CaptureError {
  const variables = problems.flatMap((it) => it.variables ?? [])
  const known = name.trim()
  const named = known === '' || known === 'bound' ? 'The function' : `\`${known}\``
  const reasons = problems.map((it) => it.reason).join('; it ')
  const hints = problems.flatMap((it) => it.hint ?? []).map((it) => `  - ${it}`)
  const ways = [
    ...(variables.length > 0 ? [`  - ${useHint(variables)}`] : []),
    '  - put it in a module of its own and call it through `workerModule(url)`',
    ...(hasOn ? ["  - run it here, with `on: 'caller'`"] : []),
  ]
  const message = [`${named} cannot run in a worker: it ${reasons}.`, ...hints, 'Ways out:', ...ways].join('\n')
  return new CaptureError(message, { variables })
}

function useHint(variables: readonly string[]): string {
  const keys = variables.join(', ')
  return `pass ${listed(variables)} in \`use: { ${keys} }\` and read from the context: \`(…, { use }) => … use.${variables[0]} …\``
}

function listed(names: readonly string[]): string {
  const quoted = names.map((it) => `\`${it}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
