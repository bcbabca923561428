// Movements under their month and day, in the order in which they came.
import type { Movement } from '@yuanhang/api'

/** The movements of one day. */
export interface MovementDay {
  day: string
  movements: Movement[]
}

/** The days of one month, newest first. */
export interface MovementMonth {
  month: string
  days: MovementDay[]
}

/** Groups movements that are already ordered by day; the order within a day is kept. */
export function byMonthAndDay(movements: readonly Movement[]): MovementMonth[] {
  const months: MovementMonth[] = []
  for (const movement of movements) {
    const month = movement.booked_on.slice(0, 7)
    let inMonth = months.at(-1)
    if (inMonth?.month !== month) months.push((inMonth = { month, days: [] }))
    let inDay = inMonth.days.at(-1)
    if (inDay?.day !== movement.booked_on) inMonth.days.push((inDay = { day: movement.booked_on, movements: [] }))
    inDay.movements.push(movement)
  }
  return months
}
