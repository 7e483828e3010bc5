/**
 * `wordCount`. Text is copied piece by piece into staging memory, cut where no word goes across, and counted by the native threads. The words come
 * back some at a time, in the order in which they first appear.
 */
import { addon } from '../binding.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import type { Steps } from './work.ts'

/** Characters of a piece: 128 KiB of UTF-16, a few tenths of a millisecond to copy. */
const PIECE = 64 * 1024
/** Short texts that are joined to one piece. */
const MOST_TEXTS = 4096
/** Below this a text is counted at once. */
const SMALL = 4096
/** Words fetched at a time. */
const FETCH = 4096

type Counts = Map<string, number>
type WordList = InstanceType<typeof addon.NativeWordList>

/** A piece of text, and whether no word goes on behind it. */
type Piece = readonly [text: string, ends: boolean]

/** @throws OptionError for what is neither a text nor a list; what is wrong in a list is found on the way */
export function countWords(given: unknown, unicode: boolean): (steps: Steps) => Promise<Counts> | Counts {
  const texts = textsOf(given)
  const [only] = texts
  if (texts.length === 1 && typeof only === 'string' && only.length <= SMALL)
    return (steps) => atOnce(steps, only, unicode)
  const { length: count } = texts
  return (steps) => onThreads(steps, texts, count, unicode)
}

function atOnce(steps: Steps, text: string, unicode: boolean): Promise<Counts> | Counts {
  const wait = steps.breathe()
  const count = (): Counts => {
    const counts: Counts = new Map()
    const words = addon.countWordsHere(text, unicode)
    const marks = new Float64Array(1 + 2 * FETCH)
    while (fetch(words, marks, counts));
    return counts
  }
  return wait === undefined ? count() : wait.then(count)
}

async function onThreads(steps: Steps, texts: readonly unknown[], count: number, unicode: boolean): Promise<Counts> {
  const work = new addon.NativeWords(steps.port().lane, unicode)
  try {
    await steps.admitted(work)
    for (const [piece, ends] of piecesOf(texts, count)) {
      const pause = steps.breathe()
      if (pause !== undefined) await pause
      while (!work.feed(piece, ends)) await steps.news(work)
    }
    work.complete()
    for (;;) {
      const words = work.take()
      if (words !== null) return await collect(steps, words)
      await steps.news(work)
    }
  } finally {
    work.cancel()
  }
}

async function collect(steps: Steps, words: WordList): Promise<Counts> {
  const counts: Counts = new Map()
  const marks = new Float64Array(1 + 2 * FETCH)
  while (fetch(words, marks, counts)) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
  }
  return counts
}

/** Takes some words into `counts`; `false` once there are no more. */
function fetch(words: WordList, marks: Float64Array, counts: Counts): boolean {
  const text = words.next(new Uint8Array(marks.buffer))
  if (text === null) return false
  const count = marks[0] as number
  let start = 0
  for (let i = 0; i < count; i++) {
    const end = marks[1 + 2 * i] as number
    counts.set(text.slice(start, end), marks[2 + 2 * i] as number)
    start = end
  }
  return true
}

/** Long texts in pieces, short ones together. Looks at each when it comes to it, for there may be millions: what was taken away meanwhile is no text any more. */
function* piecesOf(texts: readonly unknown[], count: number): Generator<Piece> {
  let few: string[] = []
  let length = 0
  for (let at = 0; at < count; at++) {
    const text = textOf(texts[at], at)
    const short = text.length < PIECE / 4
    if (few.length > 0 && (!short || length + text.length > PIECE || few.length === MOST_TEXTS)) {
      yield [few.join('\n'), true]
      few = []
      length = 0
    }
    if (short) {
      few.push(text)
      length += text.length + 1
    } else {
      for (let from = 0; from < text.length; from += PIECE)
        yield [text.slice(from, from + PIECE), from + PIECE >= text.length]
    }
  }
  if (few.length > 0) yield [few.join('\n'), true]
}

function textOf(given: unknown, at: number): string {
  if (typeof given === 'string') return given
  throw new OptionError(`native.wordCount: text ${at} must be a string, got ${describe(given)}`)
}

function textsOf(given: unknown): readonly unknown[] {
  if (typeof given === 'string') return [given]
  if (Array.isArray(given)) return given as unknown[]
  throw new OptionError(`native.wordCount: the text must be a string or an array of strings, got ${describe(given)}`)
}
