/** The best of the others: who ours is compared with. */
import { median, ratio } from './statistics.mjs'

/** A contender is ours, or the code that one would write without a library, or else a peer. */
const isOurs = (name) => name.startsWith('everycore')
const isPlain = (name) => name.startsWith('plain')
const isPeer = (name) => !isOurs(name) && !isPlain(name)

const least = (names, figure) => names.toSorted((a, b) => figure(a) - figure(b))[0]

/** The peer whose `figure` is the least; by default its median. */
export const bestPeer = (figures, figure = (name) => median(figures[name].flat())) =>
  least(Object.keys(figures).filter(isPeer), figure)

/** Our speed against the best peer and the best plain code, where there are such: `{ name, ratio }`. */
export function against(figures, ours) {
  const of = (wanted) => {
    const name = least(Object.keys(figures).filter(wanted), (one) => median(figures[one].flat()))
    return name === undefined ? undefined : { name, ratio: ratio(figures[ours], figures[name]).median }
  }
  return { peer: of(isPeer), plain: of(isPlain) }
}
