/**
 * TypeScript's generators for targets before ES2015. The compiled body is a switch over labels; each turn it answers
 * with an instruction, and `try` regions are listed as `[try, catch, finally, end]` labels.
 */

/** What a body answers with, and what a caller asks for: 0 next, 1 throw, 2 return, 3 break, 4 yield, 5 yield*, 6 catch, 7 endfinally. */
type Instruction = readonly [code: number, value?: unknown]
type Region = readonly (number | undefined)[]
type Body = (this: unknown, state: State) => Instruction

interface State {
  label: number
  /** What the last yield gives: a value, or a throw. */
  sent(): unknown
  trys: Region[]
  ops: Instruction[]
}

/** Makes the generator object. */
export function stateMachine(self: unknown, body: Body): Generator<unknown, unknown, unknown> {
  const machine = new Machine(self, body)
  const generator = {
    next: (value: unknown) => machine.turn([0, value]),
    throw: (value: unknown) => machine.turn([1, value]),
    return: (value: unknown) => machine.turn([2, value]),
    [Symbol.iterator]: () => generator,
  }
  return generator as unknown as Generator<unknown, unknown, unknown>
}

class Machine {
  readonly #self: unknown
  readonly #body: Body
  #running = false
  #started = false
  #finished = false
  /** The iterator of a `yield*` in progress. */
  #inner: Iterator<unknown> | undefined
  #sent: Instruction = [0]
  readonly #state: State

  constructor(self: unknown, body: Body) {
    this.#self = self
    this.#body = body
    this.#state = { label: 0, sent: () => this.#receive(), trys: [], ops: [] }
  }

  #receive(): unknown {
    const [code, value] = this.#sent
    if (code & 1) throw value
    return value
  }

  /** One call of `next`, `throw` or `return`. */
  turn(asked: Instruction): IteratorResult<unknown, unknown> {
    if (this.#running) throw new TypeError('Generator is already executing.')
    // Nothing has run yet that could catch it.
    if (!this.#started && asked[0] !== 0) this.#finished = true
    this.#started = true
    let op: Instruction | undefined = asked
    while (!this.#finished) {
      this.#running = true
      try {
        const delegated: IteratorResult<unknown> | undefined = this.#inner && this.#delegate(op)
        if (delegated && !delegated.done) return delegated
        if (delegated) op = [op[0] & 2, delegated.value]
        this.#inner = undefined
        if (op[0] === 4) {
          this.#state.label++
          return { value: op[1], done: false }
        }
        const next = this.#follow(op)
        if (next === 'run') op = this.#body.call(this.#self, this.#state)
        else if (next === 'done') this.#finished = true
        else op = next
      } catch (error) {
        op = [6, error]
        this.#inner = undefined
      } finally {
        this.#running = false
      }
    }
    if (op[0] & 5) throw op[1]
    return { value: op[0] ? op[1] : undefined, done: true }
  }

  #delegate([code, value]: Instruction): IteratorResult<unknown> | undefined {
    const inner = this.#inner!
    if (code & 2) return inner.return?.(value)
    if (!code) return inner.next(value)
    if (!inner.throw) inner.return?.()
    return inner.throw?.(value)
  }

  /** Carries out one instruction: run the body from the label it sets, stop, or go on with another instruction. */
  #follow(op: Instruction): 'run' | 'done' | Instruction {
    const state = this.#state
    const [code, value] = op
    if (code === 0 || code === 1) {
      this.#sent = op
      return 'run'
    }
    if (code === 5) {
      state.label++
      this.#inner = value as Iterator<unknown>
      return [0]
    }
    if (code === 7) {
      state.trys.pop()
      return state.ops.pop()!
    }
    const region = state.trys.at(-1)
    if (!region && (code === 6 || code === 2)) return 'done'
    if (code === 3 && (!region || ((value as number) > region[0]! && (value as number) < region[3]!))) {
      state.label = value as number
      return 'run'
    }
    if (code === 6 && region && state.label < region[1]!) {
      state.label = region[1]!
      this.#sent = op
      return 'run'
    }
    if (region && state.label < region[2]!) {
      state.label = region[2]!
      state.ops.push(op)
      return 'run'
    }
    if (region?.[2]) state.ops.pop()
    state.trys.pop()
    return op
  }
}
