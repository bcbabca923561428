// The reason for freezing or unfreezing: long enough to mean something, short enough to read.

/** Fewest characters of a reason. */
export const REASON_MIN = 4
/** Most characters of a reason. */
export const REASON_MAX = 200

/** What is wrong with a reason, spaces around it not counted. */
export function reasonProblem(reason: string): 'short' | 'long' | null {
  const length = reason.trim().length
  if (length < REASON_MIN) return 'short'
  return length > REASON_MAX ? 'long' : null
}
