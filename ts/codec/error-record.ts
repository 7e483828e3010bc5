// What an error is while it crosses: plain data, whose errors refer to one another by their place in a list, so that cycles need no cycle.

/** How the class of an error is found again: among the language's, this package's, DOMException, or those given to `registerError`. */
export type Family = 'builtin' | 'everycore' | 'dom' | 'own'

/** A property's value: itself, an error of the record, or a list or plain record with errors in it. */
export type Carried =
  | { readonly value: unknown }
  | { readonly error: number }
  | { readonly list: readonly Carried[] }
  | { readonly fields: readonly (readonly [key: string, carried: Carried])[] }

export interface CarriedProperty {
  readonly key: string
  readonly enumerable: boolean
  readonly carried: Carried
}

export interface CarriedError {
  /** The nearest class that the other thread is likely to know. */
  readonly family: Family
  readonly className: string
  /** The nearest class of the language, should it not. */
  readonly base: string
  /** What its `name` said; where the class is not the error's own and says the same, the name of its own. */
  readonly name: string
  /** The same, should it be built of `base`. */
  readonly baseName: string
  /** A DOMException's, which is no property. */
  readonly message: string
  readonly stack: string
  readonly properties: readonly CarriedProperty[]
}

/** What was thrown: errors, the first of which is the one; or something else, carried where it can be cloned and always described. */
export type ErrorRecord =
  | { readonly errors: readonly CarriedError[] }
  | { readonly thrown: Carried | null; readonly message: string }
