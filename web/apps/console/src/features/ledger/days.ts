// Arithmetic of calendar days written `2026-11-22`; no clock, no zone.

const DAY_MS = 86_400_000

function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** Whether this names a day that exists. */
export function isDay(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(midnight(day)) && addDays(day, 0) === day
}

/** The day `days` after `day`. */
export function addDays(day: string, days: number): string {
  return new Date(midnight(day) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((midnight(to) - midnight(from)) / DAY_MS)
}

/** Whether it is a Saturday or a Sunday. Holidays are not known here. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(midnight(day)).getUTCDay()
  return weekday === 0 || weekday === 6
}

/** The first Monday-to-Friday after `day`. */
export function nextWorkday(day: string): string {
  let next = addDays(day, 1)
  while (isWeekend(next)) next = addDays(next, 1)
  return next
}

/** The last day of the month of `day`; of the next month where `day` is the last already. */
export function monthEnd(day: string): string {
  const after = new Date(midnight(addDays(day, 1)))
  return new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}
