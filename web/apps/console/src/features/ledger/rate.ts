// Batches per second from counters read at intervals, and the line that shows them.

/** The counter of batches since start, and when it was read. */
export interface Reading {
  /** Milliseconds of a clock that only goes forward. */
  atMs: number
  batches: number
}

/**
 * Batches per second between two readings; `null` where nothing can be said: no time passed, or the
 * server started anew in between.
 */
export function rateBetween(earlier: Reading, later: Reading): number | null {
  const seconds = (later.atMs - earlier.atMs) / 1000
  const batches = later.batches - earlier.batches
  return seconds <= 0 || batches < 0 ? null : batches / seconds
}

/** A rate as text: one decimal below 100. */
export function rateText(rate: number | null | undefined): string {
  if (rate == null) return '—'
  return rate >= 100 ? Math.round(rate).toString() : rate.toFixed(1)
}

/**
 * Points of a line through `values` in a box of `width` by `height`, oldest first, the newest at the
 * end edge; the lowest line of the box is zero, and `slots` values fill its width.
 */
export function linePoints(values: readonly number[], slots: number, width: number, height: number): [number, number][] {
  const most = Math.max(1, ...values)
  const step = slots > 1 ? width / (slots - 1) : width
  const first = slots - values.length
  return values.map((value, index) => [
    Math.round((first + index) * step * 100) / 100,
    Math.round((height - (value / most) * height) * 100) / 100,
  ])
}
