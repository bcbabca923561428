// Tests of the amounts of an account page.
import { describe, expect, it } from 'vitest'
import { boundOf, boundsProblem, heldOf, usageOf } from './amounts'
import type { Account } from './wire'

const cny = (amount: string) => ({ amount, currency: 'CNY' })

function account(balance: string, available: string): Account {
  return {
    id: 'a', number_masked: '6200 **** **** 0001', currency: 'CNY', class: 'I', state: 'active', right: 'own',
    customer_id: 'c', owner_masked_name: '*三', opened_on: '2026-01-01', balance: cny(balance), available: cny(available),
    limits: { used_day: cny('0.00'), used_month: cny('0.00') },
  }
}

describe('what is held', () => {
  it.each([
    ['100.00', '70.00', '30.00'],
    ['100.00', '100.00', '0.00'],
    ['100.00', '150.00', '0.00'],
    ['-20.00', '80.00', '0.00'],
  ])('balance %s, available %s', (balance, available, expected) => {
    expect(heldOf(account(balance, available)).amount).toBe(expected)
  })
})

describe('usage of a limit', () => {
  it('shows a full meter only when nothing is left', () => {
    expect(usageOf(cny('10000.00'), cny('9999.99'))).toMatchObject({ percent: 99, left: { amount: '0.01' } })
    expect(usageOf(cny('10000.00'), cny('10000.00'))).toMatchObject({ percent: 100, left: { amount: '0.00' } })
    expect(usageOf(cny('10000.00'), cny('10000.01'))).toMatchObject({ percent: 100, left: { amount: '0.00' } })
  })
  it('knows no limit from a limit of nothing', () => {
    expect(usageOf(null, cny('5.00'))).toMatchObject({ limit: null, left: null, used: { amount: '5.00' } })
    expect(usageOf(cny('0.00'), cny('0.00'))).toMatchObject({ percent: 100, left: { amount: '0.00' } })
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
