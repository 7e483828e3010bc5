// `native.wordCount`: what a loop over the words of a text gives, in the same order.

import test from 'ava'
import * as fc from 'fast-check'

import { native } from 'everycore'

function plainly(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const word of text.split(/\s+/)) if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

const same = (a: Map<string, number>, b: Map<string, number>): boolean =>
  JSON.stringify([...a]) === JSON.stringify([...b])

/** A text of that many words, drawn from a few thousand. */
function long(words: number, alphabet = 'ab'): string {
  const letters = [...alphabet]
  let state = 7
  const word = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const number = (state >>> 8) % 5000
    return [...number.toString(36)].map((digit) => digit + (letters[number % letters.length] as string)).join('')
  }
  return Array.from({ length: words }, word).join(' ')
}

test('a text, short and long, of narrow and wide characters', async (t) => {
  for (const alphabet of ['ab', 'éß', 'жя', '語🎈']) {
    for (const words of [0, 1, 100, 100_000]) {
      const text = long(words, alphabet)
      t.true(same(await native.wordCount(text), plainly([text])), `${words} of ${alphabet}`)
    }
  }
})

test('many texts: no word goes across', async (t) => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `word${i % 100} end`)
  texts.push(long(50_000), 'x', long(50_000, 'ж'), 'last')
  t.true(same(await native.wordCount(texts), plainly(texts)))
  t.deepEqual([...(await native.wordCount(['a', 'b', 'a b']))], [...plainly(['a', 'b', 'a b'])])
  t.is((await native.wordCount([])).size, 0)
  t.is((await native.wordCount('')).size, 0)
})

test('any text at all', async (t) => {
  const unit = fc.constantFrom('a', 'b', 'é', '語', ' ', '\n', '\u00a0', '\u3000', '\ufeff', '\ud800', '🎈', '\0')
  const text = fc.string({ unit, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.constantFrom(1, 300), async (few, times) => {
      const texts = Array.from({ length: few.length * times }, (_, i) => few[i % few.length] as string)
      t.true(same(await native.wordCount(texts), plainly(texts)))
      t.true(same(await native.wordCount(texts.join(' ')), plainly(texts)))
    }),
    { numRuns: 40 },
  )
})

test('a word longer than any piece', async (t) => {
  const giant = 'x'.repeat(300_000)
  const text = `a ${giant} b ${giant} ${'y'.repeat(70_000)}`
  t.true(same(await native.wordCount(text), plainly([text])))
})

test('words as Unicode segments text', async (t) => {
  const text = "The quick (brown) fox can't jump 32.3 feet, right? "
  t.deepEqual(
    [...(await native.wordCount(text.repeat(2), { words: 'unicode' })).keys()],
    ['The', 'quick', 'brown', 'fox', "can't", 'jump', '32.3', 'feet', 'right'],
  )
  const counts = await native.wordCount(text.repeat(10_000), { words: 'unicode' })
  t.is(counts.get("can't"), 10_000)
  t.is(counts.size, 9)
})

test('what is no text is refused', async (t) => {
  await t.throwsAsync(native.wordCount(7 as never), { code: 'ERR_OPTION', message: /must be a string/ })
  await t.throwsAsync(native.wordCount(['a', null] as never), { code: 'ERR_OPTION', message: /text 1/ })
  const texts = Array.from({ length: 20_000 }, (_, i) => `text ${i}`)
  const shorter = native.wordCount(texts)
  texts.length = 15_000
  await t.throwsAsync(shorter, { code: 'ERR_OPTION', message: /text 15000 must be a string/ })
  await t.throwsAsync(native.wordCount('a', { words: 'letters' } as never), { code: 'ERR_OPTION', message: /words/ })
})

test('given up in the middle', async (t) => {
  const text = long(2_000_000)
  const controller = new AbortController()
  const job = native.wordCount(text, { signal: controller.signal })
  setTimeout(() => controller.abort(), 3)
  // A late timer finds all done.
  const outcome = await job.then(
    (counts) => counts.size,
    (reason: Error) => reason.name,
  )
  t.true(outcome === 'AbortError' || outcome === 5000)
  t.is((await native.wordCount(text)).size, 5000)
})
