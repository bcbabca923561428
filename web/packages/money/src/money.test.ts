// What a customer could notice of amounts: reading, writing, grouping, capitals.
import { describe, expect, it } from 'vitest'
import { addAmounts, chineseCapitals, compareAmounts, formatMoney, formatSigned, minorOf, parseAmount, plainOf } from './index'

const cny = (amount: string) => ({ amount, currency: 'CNY' })

describe('formatting', () => {
  it.each([
    ['0.00', 'CNY', '¥0.00'],
    ['12.3', 'CNY', '¥12.30'],
    ['1234567.80', 'CNY', '¥1,234,567.80'],
    ['-1234.50', 'CNY', '−¥1,234.50'],
    ['123', 'JPY', 'JP¥123'],
    ['1000', 'CHF', 'CHF\u00a01,000.00'],
    ['9007199254740993.01', 'CNY', '¥9,007,199,254,740,993.01'],
  ])('%s %s is %s', (amount, currency, text) => expect(formatMoney({ amount, currency })).toBe(text))

  it('signs by direction', () => {
    expect(formatSigned(cny('5.00'), 'in')).toBe('+¥5.00')
    expect(formatSigned(cny('5.00'), 'out')).toBe('−¥5.00')
  })
})

describe('arithmetic', () => {
  it('keeps every digit', () => {
    expect(addAmounts(cny('0.10'), cny('0.20')).amount).toBe('0.30')
    expect(addAmounts(cny('9007199254740993.01'), cny('0.01')).amount).toBe('9007199254740993.02')
    expect(plainOf(minorOf('-0.05', 2), 2)).toBe('-0.05')
  })
  it('refuses mixed currencies and non-numbers', () => {
    expect(() => addAmounts(cny('1'), { amount: '1', currency: 'USD' })).toThrow(RangeError)
    expect(() => minorOf('1e3', 2)).toThrow(RangeError)
    expect(() => minorOf('1.001', 2)).toThrow(RangeError)
  })
  it('compares', () => {
    expect(compareAmounts(cny('10'), cny('9.99'))).toBe(1)
    expect(compareAmounts(cny('10'), cny('10.00'))).toBe(0)
  })
})

describe('reading', () => {
  it.each([
    ['1,234.5', '1234.50'],
    ['１２．３', '12.30'],
    ['¥ 88', '88.00'],
    ['.5', '0.50'],
    ['007', '7.00'],
  ])('%s is %s', (typed, amount) => expect(parseAmount(typed, 'CNY').money?.amount).toBe(amount))
  it.each([
    ['', 'empty'],
    ['abc', 'malformed'],
    ['1.2.3', 'malformed'],
    ['.', 'malformed'],
    ['0', 'amount_not_positive'],
    ['-3', 'amount_not_positive'],
    ['1.234', 'amount_over_scale'],
    ['12345678901234', 'amount_out_of_range'],
  ])('%s is refused as %s', (typed, problem) => expect(parseAmount(typed, 'CNY').problem).toBe(problem))
  it('knows currencies without minor units', () => {
    expect(parseAmount('1.5', 'JPY').problem).toBe('amount_over_scale')
    expect(parseAmount('15', 'JPY').money?.amount).toBe('15')
  })
})

describe('Chinese capitals', () => {
  it.each([
    ['0.00', '人民币零元整'],
    ['1.00', '人民币壹元整'],
    ['10.00', '人民币壹拾元整'],
    ['1409.50', '人民币壹仟肆佰零玖元伍角整'],
    ['6007.14', '人民币陆仟零柒元壹角肆分'],
    ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '人民币叁佰贰拾伍元零肆分'],
    ['0.05', '人民币伍分'],
    ['0.50', '人民币伍角整'],
    ['107000.53', '人民币壹拾万柒仟元伍角叁分'],
    ['100000000.00', '人民币壹亿元整'],
    ['100000001.00', '人民币壹亿零壹元整'],
    ['1000100000000.00', '人民币壹万亿零壹亿元整'],
    ['1000000000000.00', '人民币壹万亿元整'],
    ['20030004.00', '人民币贰仟零叁万零肆元整'],
  ])('%s is %s', (amount, text) => expect(chineseCapitals(cny(amount))).toBe(text))
  it('names other currencies', () => {
    expect(chineseCapitals({ amount: '1', currency: 'USD' })).toBe('美元壹元整')
    expect(chineseCapitals({ amount: '10500', currency: 'JPY' })).toBe('日元壹万零伍佰元整')
  })
})
