/** Fields, private names and constructors of classes, as compilers spell them for older targets. */

type Bag = Record<PropertyKey, unknown>
type Access = (this: unknown, value?: unknown) => unknown

/** A field: defined, not assigned. */
export function defineField(target: object, key: PropertyKey, value: unknown): object {
  return Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

/** esbuild's, which gives the value. */
export function publicField(target: object, key: PropertyKey, value: unknown): unknown {
  defineField(target, typeof key === 'symbol' ? key : String(key), value)
  return value
}

// TypeScript: the state is a WeakMap of values, a WeakSet of instances, or the class itself for static names.

type State = WeakMap<object, unknown> | WeakSet<object> | object

const has = (state: State, receiver: object): boolean =>
  state instanceof WeakMap || state instanceof WeakSet ? state.has(receiver) : receiver === state

function check(present: boolean, doing: string): void {
  if (!present) throw new TypeError(`Cannot ${doing} private member from an object whose class did not declare it`)
}

export function privateGet(
  receiver: object,
  state: State,
  kind: 'f' | 'm' | 'a',
  fn?: Access | { value: unknown },
): unknown {
  check(has(state, receiver), 'read')
  if (kind === 'm') return fn
  if (kind === 'a') return (fn as Access).call(receiver)
  return fn ? (fn as { value: unknown }).value : (state as WeakMap<object, unknown>).get(receiver)
}

export function privateSet(
  receiver: object,
  state: State,
  value: unknown,
  kind: 'f' | 'm' | 'a',
  fn?: Access | { value: unknown },
): unknown {
  check(has(state, receiver), 'write')
  if (kind === 'a') (fn as Access).call(receiver, value)
  else if (fn) (fn as { value: unknown }).value = value
  else (state as WeakMap<object, unknown>).set(receiver, value)
  return value
}

export function privateIn(state: State, receiver: unknown): boolean {
  if (Object(receiver) !== receiver) throw new TypeError('Cannot use the "in" operator on this value')
  return has(state, receiver as object)
}

// esbuild: the same, with the arguments in another order.

export function memberAdd(target: object, member: WeakMap<object, unknown> | WeakSet<object>, value: unknown): void {
  if (member.has(target)) throw new TypeError('Cannot add the same private member more than once')
  if (member instanceof WeakSet) member.add(target)
  else member.set(target, value)
}

export function memberGet(target: object, member: State, getter?: Access): unknown {
  check(has(member, target), 'read from')
  return getter ? getter.call(target) : (member as WeakMap<object, unknown>).get(target)
}

export function memberSet(target: object, member: State, value: unknown, setter?: Access): unknown {
  check(has(member, target), 'write to')
  if (setter) setter.call(target, value)
  else (member as WeakMap<object, unknown>).set(target, value)
  return value
}

/** For `this.#x++` and the like: the member as a property. */
export function memberWrapper(target: object, member: State, setter?: Access, getter?: Access): { _: unknown } {
  return {
    set _(value: unknown) {
      memberSet(target, member, value, setter)
    },
    get _() {
      return memberGet(target, member, getter)
    },
  }
}

export function memberMethod(target: object, member: State, method: unknown): unknown {
  check(has(member, target), 'access')
  return method
}

export function memberIn(member: State, target: unknown): boolean {
  return privateIn(member, target)
}

// Babel and swc: classes as functions.

export function callCheck(instance: unknown, constructor: Function): void {
  if (!(instance instanceof constructor)) throw new TypeError('Cannot call a class as a function')
}

export function createClass(constructor: Function, own?: Bag[] | null, statics?: Bag[] | null): Function {
  defineAll(constructor.prototype as object, own ?? [])
  defineAll(constructor, statics ?? [])
  return Object.defineProperty(constructor, 'prototype', { writable: false })
}

function defineAll(target: object, members: Bag[]): void {
  for (const { key, ...member } of members) {
    const values = 'value' in member ? { writable: true } : {}
    Object.defineProperty(target, key as PropertyKey, { enumerable: false, configurable: true, ...values, ...member })
  }
}
