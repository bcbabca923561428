// Tests of the arithmetic of days.
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, isDay, isWeekend, monthEnd, nextWorkday } from './days'

describe('days', () => {
  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2028-02-29', true],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['', false],
  ])('%s exists: %s', (day, exists) => expect(isDay(day)).toBe(exists))

  it('crosses months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(daysBetween('2026-11-22', '2026-12-01')).toBe(9)
    expect(daysBetween('2026-11-22', '2026-11-21')).toBe(-1)
  })
  it('skips the weekend', () => {
    expect(isWeekend('2026-11-22')).toBe(true)
    expect(nextWorkday('2026-11-20')).toBe('2026-11-23')
    expect(nextWorkday('2026-11-23')).toBe('2026-11-24')
  })
  it.each([
    ['2026-11-22', '2026-11-30'],
    ['2026-11-30', '2026-12-31'],
    ['2026-12-31', '2027-01-31'],
    ['2028-02-01', '2028-02-29'],
  ])('the month end after %s is %s', (day, end) => expect(monthEnd(day)).toBe(end))
})
