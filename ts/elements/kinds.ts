/** The kinds of typed arrays by name, as they were when this thread began: tasks may replace what is global. */
export interface Numbers {
  [index: number]: number | bigint
  readonly length: number
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  set(values: ArrayLike<unknown>, at?: number): void
}

export interface Kind {
  new (length: number): Numbers
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): Numbers
  readonly BYTES_PER_ELEMENT: number
  readonly name: string
}

const { get: nameOf } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
) as { get: () => string }

// Node 24 has a kind more.
const names = [
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
]
const global = globalThis as unknown as Record<string, Kind | undefined>
const kinds = new Map(names.flatMap((name) => (global[name] === undefined ? [] : [[name, global[name]] as const])))

/** What a `Buffer` and any subclass are made of. */
export function kindOf(array: NodeJS.TypedArray): Kind {
  return kindNamed(nameOf.call(array))
}

export function kindNamed(name: string): Kind {
  return kinds.get(name) as Kind
}

/** What its elements are in JavaScript. */
export function typeOf({ name }: Kind): 'number' | 'bigint' {
  return name.startsWith('Big') ? 'bigint' : 'number'
}
