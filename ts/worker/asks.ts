/** What an item's ask byte says, besides that it is to stop. */

/** For this worker alone, from itself: the context that the item before had may be used up. No ask of the core's is ever overwritten by it. */
export const FRESH = 3
/** From the core: the item has been announced, and is to be taken back with those behind it if it has not begun. */
export const RECALL = 4

/** Whether it is to stop. */
export function isAsked(ask: number): ask is 1 | 2 {
  return ask === 1 || ask === 2
}

/** What an item is told that somebody has asked to stop. */
export function reasonOf(ask: number): DOMException {
  return ask === 2
    ? new DOMException('The task ran longer than its timeout', 'TimeoutError')
    : new DOMException('The task was cancelled', 'AbortError')
}
