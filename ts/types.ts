// The types through which a verb's call tells its item, index, context and result.

import type { TaskContext } from './context.ts'
import type { Job } from './job.ts'
import type { BroadcastOptions, OnError, RunOptions } from './options/interfaces.ts'

/** What `ctx.use` is where the `use` option is not given. */
export type NoUse = Readonly<Record<never, never>>

/** What a function knows about its call: its last parameter. `Use` is the type of the `use` option. */
export interface Context<Use = NoUse> extends Omit<TaskContext, 'use' | 'metadata'> {
  readonly use: Use
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A value, or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>

/** The function of a map verb. */
export type MapFunction<Item, Use, R> = (item: Item, index: number, ctx: Context<Use>) => MaybePromise<R>

/** The function of a map verb over `zip(…)`: the tuple's elements are its first parameters. */
export type SpreadFunction<Tuple extends readonly unknown[], Use, R> = (
  ...args: [...Tuple, index: number, ctx: Context<Use>]
) => MaybePromise<R>

/** What can stand in a place of the results: under `onError: 'return'` also an error. */
export type Returned<R, E extends OnError> = 'return' extends E ? R | Error : R

/** What a map verb gives: results, and one outcome per item from `settled()`. */
export type MapJob<R, Item = R> = Job<R, PromiseSettledResult<Item>[]>

/** What `run` gives. */
export type RunJob<R> = Job<R, PromiseSettledResult<R>>

/** Any iterable or async iterable (Node and Web streams are async iterables), but none of the kinds that have their own signature. */
export type Items<T> = (Iterable<MaybePromise<T>> | AsyncIterable<MaybePromise<T>>) & {
  readonly BYTES_PER_ELEMENT?: never
  readonly spreads?: never
}

/** The same, typed arrays included: for verbs that do not answer with an array of the items' kind. */
export type AnyItems<T> = (Iterable<MaybePromise<T>> | AsyncIterable<MaybePromise<T>>) & { readonly spreads?: never }

/** Whatever `batch` and `batches` take: a zip's tuples are items like any other. */
export type BatchItems<T> = Iterable<MaybePromise<T>> | AsyncIterable<MaybePromise<T>>

/** The function of `batch`. */
export type BatchFunction<Item, Use, R> = (items: Item[], index: number, ctx: Context<Use>) => MaybePromise<R>

/** The results of one batch: the elements of an array, none for nothing, anything else by itself. */
export type BatchResult<R> =
  IsAny<R> extends true ? any : R extends readonly (infer X)[] ? X : R extends void ? never : R

/** Arrays of numbers. A `Buffer` is one of bytes. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** What stands in a typed array. */
export type ElementOf<A extends TypedArray> = A[number]

type Memory<B extends ArrayBufferLike> = [B] extends [SharedArrayBuffer] ? SharedArrayBuffer : ArrayBuffer
type IsAny<T> = 0 extends 1 & T ? true : false

/** The same kind of array, on memory of its own: shared exactly where the items' memory is. */
export type SameKind<A extends TypedArray> =
  IsAny<A> extends true
    ? any
    : A extends Int8Array<infer B>
      ? Int8Array<Memory<B>>
      : A extends Uint8Array<infer B>
        ? Uint8Array<Memory<B>>
        : A extends Uint8ClampedArray<infer B>
          ? Uint8ClampedArray<Memory<B>>
          : A extends Int16Array<infer B>
            ? Int16Array<Memory<B>>
            : A extends Uint16Array<infer B>
              ? Uint16Array<Memory<B>>
              : A extends Int32Array<infer B>
                ? Int32Array<Memory<B>>
                : A extends Uint32Array<infer B>
                  ? Uint32Array<Memory<B>>
                  : A extends Float32Array<infer B>
                    ? Float32Array<Memory<B>>
                    : A extends Float64Array<infer B>
                      ? Float64Array<Memory<B>>
                      : A extends BigInt64Array<infer B>
                        ? BigInt64Array<Memory<B>>
                        : A extends BigUint64Array<infer B>
                          ? BigUint64Array<Memory<B>>
                          : never

type AnyFunction = (...args: never[]) => unknown

// A function that declares the context as its last parameter is called without it; the library adds it.
type CallParameters<P extends readonly unknown[]> = P extends [...infer Before, Context<infer Use>]
  ? [...Before, ctx?: Context<Use>]
  : P

/** A function that runs in workers: callable by itself, and accepted wherever a function is. */
export type WorkerFunction<F extends AnyFunction> = (
  ...args: CallParameters<Parameters<F>>
) => RunJob<Awaited<ReturnType<F>>>

/** The functions that a module exports, as `workerModule` gives them. */
export type WorkerModule<M> = {
  readonly [Name in keyof M as M[Name] extends AnyFunction ? Name : never]: M[Name] extends AnyFunction
    ? WorkerFunction<M[Name]>
    : never
}

/** Stands where the type argument of `workerModule` is missing, so that the first use says what to do. */
export type ModuleTypeMissing =
  "Give the module's type: workerModule<typeof import('./m.js')>(new URL('./m.js', import.meta.url))"

/** The result of `workerModule<M>()`. */
export type WorkerModuleOf<M> = unknown extends M ? ModuleTypeMissing : WorkerModule<M>

/** Options of `run`, and of direct calls. */
type CallArguments<Args extends readonly unknown[], Use extends object> = undefined extends Args[0]
  ? [args?: Args, options?: RunOptions<Use>]
  : [args: Args, options?: RunOptions<Use>]

/** The signature of `pool.broadcast`. */
export interface BroadcastSignature {
  <R>(fn: () => MaybePromise<R>, args?: readonly [], options?: BroadcastOptions): Promise<R[]>
  <Args extends readonly unknown[], R>(
    fn: (...args: [...Args, ctx: Context]) => MaybePromise<R>,
    args: readonly [...Args],
    options?: BroadcastOptions,
  ): Promise<R[]>
  <Args extends readonly unknown[], R>(
    fn: (...args: Args) => MaybePromise<R>,
    args: Readonly<Args>,
    options?: BroadcastOptions,
  ): Promise<R[]>
}

/**
 * The signature of `run`. The context follows the arguments for a function that declares one parameter more than it is given;
 * a default parameter in that place needs its type written out: `run((x, by: number = 2) => x * by, [5])`.
 */
export interface RunSignature {
  <R>(fn: () => MaybePromise<R>, args?: readonly [], options?: RunOptions): RunJob<R>
  <Args extends readonly unknown[], R, Use extends object = NoUse>(
    fn: (...args: [...Args, ctx: Context<Use>]) => MaybePromise<R>,
    args: readonly [...Args],
    options?: RunOptions<Use>,
  ): RunJob<R>
  <Args extends readonly unknown[], R, Use extends object = NoUse>(
    fn: (...args: Args) => MaybePromise<R>,
    ...rest: CallArguments<Readonly<Args>, Use>
  ): RunJob<R>
}
