// The bank's clock as far as a page can tell: our own, put right where an answer showed that it is wrong.

/** How far the bank's clock is ahead of ours, milliseconds. */
let ahead = 0

/** Now as the bank counts it, in milliseconds since 1970. */
export function bankNow(): number {
  return Date.now() + ahead
}

/** Reads the time of an answer. */
export function learnTime(answer: Response): void {
  const at = Date.parse(answer.headers.get('Date') ?? '')
  // A second or two are the way here; only a clock that is wrong is put right.
  if (Number.isFinite(at)) ahead = Math.abs(at - Date.now()) > 5_000 ? at - Date.now() : 0
}
