// Tests of the rate and its line.
import { describe, expect, it } from 'vitest'
import { linePoints, rateBetween, rateText } from './rate'

describe('the rate between two readings', () => {
  it('is batches by seconds', () => {
    expect(rateBetween({ atMs: 1000, batches: 10 }, { atMs: 3000, batches: 15 })).toBe(2.5)
  })
  it('says nothing when no time passed or the server started anew', () => {
    expect(rateBetween({ atMs: 1000, batches: 10 }, { atMs: 1000, batches: 15 })).toBeNull()
    expect(rateBetween({ atMs: 1000, batches: 10 }, { atMs: 3000, batches: 3 })).toBeNull()
  })
  it.each([[null, '—'], [0, '0.0'], [9.96, '10.0'], [512.4, '512']])('%s reads %s', (rate, text) => {
    expect(rateText(rate)).toBe(text)
  })
})

describe('the line', () => {
  it('ends at the end edge and stands on zero', () => {
    expect(linePoints([0, 4], 3, 100, 20)).toEqual([[50, 20], [100, 0]])
  })
  it('stays at the bottom while nothing happens', () => {
    expect(linePoints([0, 0, 0], 3, 100, 20).every(([, y]) => y === 20)).toBe(true)
  })
})
