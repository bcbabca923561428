// The reason for freezing or unfreezing: long enough to mean something, short enough to read.

/** Fewest characters of a reason. */
export const REASON_MIN = 4
/** Most characters of a reason. */
export const REASON_MAX = 200

/** What is wrong with a reason, spaces around it not counted; one that ends in a colon was chosen and not completed. */
export function reasonProblem(reason: string): 'short' | 'long' | 'unfinished' | null {
  const length = reason.trim().length
  if (length < REASON_MIN) return 'short'
  if (length > REASON_MAX) return 'long'
  return /[:：]$/.test(reason.trim()) ? 'unfinished' : null
}
