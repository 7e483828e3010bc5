// Plays one hazard in a process of its own (`survive.mjs`) and asserts all that must hold whatever the hazard is.
import type { ExecutionContext } from 'ava'
import { child } from './child.ts'
import type { ChildEnd } from './child.ts'

export interface Told {
  status: 'fulfilled' | 'rejected'
  value?: unknown
  reason?: { class?: string; name?: string; code?: unknown; message?: string; exitCode?: number; path?: string }
}

export interface SceneOptions {
  /** Of `parMap`. */
  options?: object
  /** Of `createPool`. */
  pool?: object
  /** What the process may say on stderr; by default nothing. */
  stderr?: RegExp
}

/** Resolves with the hazard's own outcome, in a chunk with its bystanders and in one alone. */
export async function survive(t: ExecutionContext, hazard: string, scene: SceneOptions = {}): Promise<Told[]> {
  const { stderr = /^$/, ...rest } = scene
  const end = await child('survive.mjs', { args: [JSON.stringify({ hazard, ...rest })] })
  t.is(end.signal, null, `${hazard} hangs\n${end.stderr}`)
  t.is(end.code, 0, end.stderr)
  t.regex(end.stderr, stderr)
  const { together, apart, next } = JSON.parse(end.stdout) as Record<'together' | 'apart' | 'next', Told[]>
  for (const outcomes of [together, apart]) {
    t.deepEqual(outcomes[0], { status: 'fulfilled', value: 'fine' })
    t.deepEqual(outcomes[2], { status: 'fulfilled', value: 'also fine' })
  }
  t.deepEqual(next as unknown, ['next', 'and next'])
  return [together[1] as Told, apart[1] as Told]
}

/** The hazard fails its own item, with an error that has these properties. */
export async function fails(
  t: ExecutionContext,
  hazard: string,
  like: NonNullable<Told['reason']>,
  scene?: SceneOptions,
): Promise<void> {
  for (const { status, reason } of await survive(t, hazard, scene)) {
    t.is(status, 'rejected')
    t.like(reason, like)
  }
}

/** The process ended by itself, with this code, without a word on stderr. */
export function endedWell(t: ExecutionContext, end: ChildEnd, code = 0): void {
  t.is(end.signal, null, `it hangs\n${end.stdout}\n${end.stderr}`)
  t.is(end.stderr, '')
  t.is(end.code, code)
}
