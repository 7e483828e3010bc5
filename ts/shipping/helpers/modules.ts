/** How compiled code looks at a module that it has loaded by `require`. */

type Exports = Record<PropertyKey, unknown>

const isModule = (value: unknown): value is Exports => Boolean((value as Exports | null | undefined)?.['__esModule'])

/** `import x from` */
export function importDefault(value: unknown): unknown {
  return isModule(value) ? value : { default: value }
}

/** `import * as x from` */
export function importStar(value: unknown): unknown {
  return isModule(value) ? value : namespaceOf(value)
}

/** esbuild's form of both: `forNode` says that the default export is the whole of `module.exports`, as Node has it. */
export function toModule(value: unknown, forNode?: unknown): unknown {
  return forNode || !isModule(value) ? namespaceOf(value) : value
}

function namespaceOf(value: unknown): Exports {
  const namespace = Object.create(null) as Exports
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    for (const key of Object.getOwnPropertyNames(value)) {
      if (key === 'default') continue
      Object.defineProperty(namespace, key, { enumerable: true, get: () => (value as Exports)[key] })
    }
  }
  return Object.defineProperty(namespace, 'default', { enumerable: true, value })
}
