// Guesses which name was meant: near misses, and the names other libraries use for the same thing.

const elsewhere: Readonly<Record<string, string>> = {
  abortSignal: 'signal',
  batchSize: 'size',
  backpressure: 'buffer',
  continueOnError: 'onError',
  flushInterval: 'every',
  highWaterMark: 'buffer',
  limit: 'concurrency',
  maxThreads: 'workers',
  maxWorkers: 'workers',
  minThreads: 'minWorkers',
  onprogress: 'onProgress',
  ordered: 'preserveOrder',
  parallelism: 'concurrency',
  retry: 'retries',
  settled: 'onError',
  size: 'workers',
  stopOnError: 'onError',
  threads: 'workers',
  transferList: 'transfer',
}

/** ` (did you mean 'x'?)`, or the whole list where nothing is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const synonym = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined
  if (synonym !== undefined && known.includes(synonym)) return ` (did you mean '${synonym}'?)`
  let best: string | undefined
  let least = Math.max(2, Math.ceil(name.length / 3)) + 1
  for (const candidate of known) {
    const steps = distance(name.toLowerCase(), candidate.toLowerCase(), least)
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best === undefined ? `; it has ${known.join(', ')}` : ` (did you mean '${best}'?)`
}

// Levenshtein's distance; names too different in length are not worth the table.
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
