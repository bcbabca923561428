// What is told of an amount or an address before the bank is asked.
import { describe, expect, it } from 'vitest'
import type { Account, Limits } from '@yuanhang/api'
import { addressOf, amountProblem, leftOf } from './draft'

const account = { currency: 'CNY', available: { amount: '1000.00', currency: 'CNY' } } as Account
const cny = (amount: string) => ({ amount, currency: 'CNY' })
const limits = { per_transfer: cny('800.00'), per_day: cny('900.00'), per_month: cny('5000.00'), used_day: cny('200.00'), used_month: cny('4500.00') } as Limits

describe('amount of a transfer', () => {
  it.each([
    ['', 'empty'],
    ['0', 'amount_not_positive'],
    ['1.234', 'amount_over_scale'],
    ['1000.01', 'insufficient_funds'],
    ['800.01', 'limit_per_transfer'],
    ['700.01', 'limit_per_day'],
    ['500.01', 'limit_per_month'],
  ])('%s is refused as %s', (typed, code) => expect(amountProblem(typed, account, limits)?.code).toBe(code))
  it('lets the rest through', () => expect(amountProblem('500.00', account, limits)).toBeUndefined())
  it('knows accounts without limits', () => expect(amountProblem('1000.00', account, { used_day: cny('0'), used_month: cny('0') } as Limits)).toBeUndefined())
  it('says what is left, never below zero', () => {
    expect(leftOf(cny('900.00'), cny('200.00')).amount).toBe('700.00')
    expect(leftOf(cny('900.00'), cny('950.00')).amount).toBe('0')
  })
})

describe('address of a payee', () => {
  it.each([
    ['138 0013 8000', { phone: '13800138000' }],
    ['6217 0000 0000 0000 003', { account_number: '6217000000000000003' }],
    ['12345', undefined],
    ['abc', undefined],
  ])('%s', (typed, found) => expect(addressOf(typed)).toEqual(found))
})
