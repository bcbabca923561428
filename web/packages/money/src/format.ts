// How amounts look: grouping, signs and currency signs, from strings alone.
import { minorOf, plainOf, scaleOf, type Money } from './amount'

const SYMBOLS: Record<string, string> = {
  CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$', JPY: 'JP¥', CZK: 'Kč', SGD: 'S$', AUD: 'A$', CAD: 'C$',
  NZD: 'NZ$', KRW: '₩', THB: '฿', MOP: 'MOP$',
}

/** What stands in the place of a hidden amount; of one width, so that nothing moves. */
export const HIDDEN_AMOUNT = '••••••'

/** The sign of a currency, or its code where it has no sign of its own. */
export function symbolOf(currency: string): string {
  return SYMBOLS[currency] ?? currency
}

/** `-1234567.8` of CNY → `−1,234,567.80`: grouped by thousands, with a true minus sign. */
export function formatAmount(money: Money): string {
  const scale = scaleOf(money.currency)
  const minor = minorOf(money.amount, scale)
  const [whole = '0', fraction] = plainOf(minor < 0n ? -minor : minor, scale).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return (minor < 0n ? '−' : '') + (fraction === undefined ? grouped : `${grouped}.${fraction}`)
}

/** `¥1,234.50`, `−$3.00`, `CHF 12.00`: an amount with the sign of its currency. */
export function formatMoney(money: Money): string {
  const text = formatAmount(money)
  const symbol = symbolOf(money.currency)
  const joined = /[A-Za-zč]$/.test(symbol) ? `${symbol}\u00a0` : symbol
  return text.startsWith('−') ? `−${joined}${text.slice(1)}` : joined + text
}

/** An amount that came in (`in`, `+`) or went out (`out`, `−`), with the sign of its currency. */
export function formatSigned(money: Money, direction: string): string {
  return (direction === 'in' ? '+' : '−') + formatMoney(money)
}
