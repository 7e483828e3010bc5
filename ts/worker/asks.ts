/** What an item is told that somebody has asked to stop. */
export function reasonOf(ask: number): DOMException {
  return ask === 2
    ? new DOMException('The task ran longer than its timeout', 'TimeoutError')
    : new DOMException('The task was cancelled', 'AbortError')
}
