/**
 * Node flags for workers: the user's TypeScript loader and the like are inherited, what a worker cannot take is dropped. Without a word where the flags
 * are the process's own, which nobody wrote for workers; with a warning where they were given for them.
 */
/** Flags that say what the main thread is to run; with them a worker refuses its entry file or runs the wrong thing. */
const MAIN_ONLY = new Set([
  '-e',
  '--eval',
  '-p',
  '--print',
  '-pe',
  '-i',
  '--interactive',
  '-c',
  '--check',
  '--test',
  '--watch',
  '--input-type',
  '--experimental-default-type',
])
const TAKES_VALUE = new Set(['-e', '--eval', '-p', '--print', '-pe', '--input-type', '--experimental-default-type'])

/** Lists that a worker was refused with, and what was left of them. */
const usable = new Map<string, readonly string[]>()

/** Calls `make` with the flags for a worker: `given` (the pool's `execArgv`) or the process's own; `undefined` lets Node inherit them. */
export function withUsableFlags<T>(given: readonly string[] | undefined, make: (flags: string[] | undefined) => T): T {
  if (given === undefined && !process.execArgv.some(isMainOnly)) return make(undefined)
  const all = given ?? process.execArgv
  const wanted = withoutMainOnly(all)
  const key = wanted.join('\0')
  let flags = usable.get(key) ?? wanted
  for (;;) {
    try {
      const made = make([...flags])
      if (given !== undefined && flags.length < all.length) warnOf(all.filter((flag) => !flags.includes(flag)))
      return made
    } catch (error) {
      // Node names the flags that a worker cannot take only in this error's message.
      const kept = flags.filter((flag) => !refused(error, flag))
      if (kept.length === flags.length) throw error
      usable.set(key, (flags = kept))
    }
  }
}

const warned = new Set<string>()

/** Once per flag. */
function warnOf(dropped: readonly string[]): void {
  const news = dropped.filter((flag) => !warned.has(flag))
  if (news.length === 0) return
  for (const flag of news) warned.add(flag)
  process.emitWarning(`option 'execArgv': no worker can take ${news.join(' ')}, so they start without`, {
    type: 'EverycoreWarning',
    code: 'EVERYCORE_FLAG',
  })
}

function isMainOnly(flag: string): boolean {
  return MAIN_ONLY.has(nameOf(flag))
}

function nameOf(flag: string): string {
  return flag.split('=', 1)[0] as string
}

function withoutMainOnly(flags: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] as string
    if (!isMainOnly(flag)) kept.push(flag)
    else if (TAKES_VALUE.has(nameOf(flag)) && !flag.includes('=')) i++
  }
  return kept
}

function refused(error: unknown, flag: string): boolean {
  const { code, message } = error as { code?: unknown; message: string }
  return (
    code === 'ERR_WORKER_INVALID_EXEC_ARGV' &&
    message.split(/[\s,:]+/).some((word) => word === flag || word === nameOf(flag))
  )
}
