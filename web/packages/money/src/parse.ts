// Reading what a person types into an amount field.
import { minorOf, plainOf, scaleOf, type Money } from './amount'

/** Why a typed amount cannot be used; the names match the bank's refusal codes where it has one. */
export type AmountProblem = 'empty' | 'malformed' | 'amount_not_positive' | 'amount_over_scale' | 'amount_out_of_range'

/** Either an amount or the reason why there is none. */
export type ParsedAmount = { money: Money; problem?: undefined } | { money?: undefined; problem: AmountProblem }

/** The longest whole part accepted: more than any bank holds, less than the ledger's range. */
const WHOLE_DIGITS_MAX = 13

/** Full-width digits and points become plain ones; spaces, grouping and currency signs go. */
export function tidyAmountInput(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, '.')
    .replace(/[\s,，¥￥$€£\u00a0]/g, '')
}

/** Reads a positive amount of `currency` from what a person typed. */
export function parseAmount(text: string, currency: string): ParsedAmount {
  const tidy = tidyAmountInput(text)
  if (tidy === '') return { problem: 'empty' }
  if (/^-/.test(tidy)) return { problem: 'amount_not_positive' }
  const parts = /^(\d*)(?:\.(\d*))?$/.exec(tidy)
  if (!parts || tidy === '.') return { problem: 'malformed' }
  const whole = (parts[1] ?? '').replace(/^0+(?=\d)/, '') || '0'
  const fraction = parts[2] ?? ''
  const scale = scaleOf(currency)
  if (fraction.length > scale) return { problem: 'amount_over_scale' }
  if (whole.length > WHOLE_DIGITS_MAX) return { problem: 'amount_out_of_range' }
  const minor = minorOf(fraction === '' ? whole : `${whole}.${fraction}`, scale)
  if (minor === 0n) return { problem: 'amount_not_positive' }
  return { money: { amount: plainOf(minor, scale), currency } }
}
