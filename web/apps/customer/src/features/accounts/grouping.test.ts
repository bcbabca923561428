// Movements under months and days.
import { expect, it } from 'vitest'
import type { Movement } from '@yuanhang/api'
import { byMonthAndDay } from './grouping'

it('groups by month and day and keeps the order', () => {
  const on = (booked_on: string, transfer_id: string) => ({ booked_on, transfer_id }) as Movement
  const months = byMonthAndDay([on('2026-11-02', 'a'), on('2026-11-02', 'b'), on('2026-11-01', 'c'), on('2026-10-31', 'd')])
  expect(months.map((month) => month.month)).toEqual(['2026-11', '2026-10'])
  expect(months[0]?.days.map((day) => day.movements.map((movement) => movement.transfer_id))).toEqual([['a', 'b'], ['c']])
  expect(byMonthAndDay([])).toEqual([])
})
