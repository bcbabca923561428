// How the time that is left reads.
import { expect, it } from 'vitest'
import { timeLeft } from './countdown'

const now = Date.parse('2026-11-26T08:00:00Z')
it.each([
  ['2026-11-26T08:03:00Z', '3:00'],
  ['2026-11-26T08:02:59.001Z', '3:00'],
  ['2026-11-26T08:01:05Z', '1:05'],
  ['2026-11-26T08:00:00.2Z', '0:01'],
  ['2026-11-26T07:59:00Z', '0:00'],
  ['', ''],
])('until %s: %s', (until, left) => expect(timeLeft(until, now)).toBe(left))
