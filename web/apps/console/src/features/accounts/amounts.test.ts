// Tests of the amounts of an account page.
import { describe, expect, it } from 'vitest'
import { boundOf, boundsProblem, heldOf, usageOf } from './amounts'
import type { AccountPage } from './wire'

function page(balance: string, available: string | null, held?: string): AccountPage {
  const currency = 'CNY'
  return {
    account: {
      id: 'a', number_masked: '6200 **** 0001', currency, class: 'I', state: 'active', opened_on: '2026-01-01',
      balance: { amount: balance, currency },
      available: available === null ? null : { amount: available, currency },
    },
    held: held === undefined ? null : { amount: held, currency },
  }
}

describe('what is held', () => {
  it.each([
    ['100.00', '70.00', undefined, '30.00'],
    ['100.00', '150.00', undefined, '0.00'],
    ['100.00', null, undefined, '0.00'],
    ['100.00', '150.00', '12.00', '12.00'],
  ])('balance %s, available %s, held %s', (balance, available, held, expected) => {
    expect(heldOf(page(balance, available, held)).amount).toBe(expected)
  })
})

describe('usage of a limit', () => {
  it('shows a full meter only when nothing is left', () => {
    expect(usageOf('10000.00', '9999.99', 'CNY')).toMatchObject({ percent: 99, left: { amount: '0.01' } })
    expect(usageOf('10000.00', '10000.00', 'CNY')).toMatchObject({ percent: 100, left: { amount: '0.00' } })
    expect(usageOf('10000.00', '10000.01', 'CNY')).toMatchObject({ percent: 100, left: { amount: '0.00' } })
  })
  it('knows no limit from a limit of nothing', () => {
    expect(usageOf(null, '5.00', 'CNY')).toMatchObject({ limit: null, left: null, used: { amount: '5.00' } })
    expect(usageOf('0.00', '0.00', 'CNY')).toMatchObject({ percent: 100, left: { amount: '0.00' } })
  })
})

describe('bounds of a filter', () => {
  it.each([
    ['', '', null],
    ['1', '2', null],
    ['2', '2', null],
    ['3', '2', 'reversed'],
    ['1.234', '', 'invalid'],
    ['abc', '', 'invalid'],
  ])('%s to %s', (least, most, expected) => expect(boundsProblem(least, most, 'CNY')).toBe(expected))
  it('are sent as plain decimals', () => {
    expect(boundOf('1,000', 'CNY')).toBe('1000.00')
    expect(boundOf(' ', 'CNY')).toBe('')
  })
})
