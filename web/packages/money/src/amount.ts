// An amount of money on the wire and the whole-number arithmetic that pages need.

/** An amount as the bank sends it: `{"amount":"12.30","currency":"CNY"}`. */
export interface Money {
  amount: string
  currency: string
}

/** Digits after the point, by ISO 4217; every currency not named here has two. */
const SCALES: Record<string, number> = { JPY: 0, KRW: 0, KWD: 3 }

/** How many digits the currency has after the point. */
export function scaleOf(currency: string): number {
  return SCALES[currency] ?? 2
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/**
 * The amount in minor units at `scale`; digits beyond the scale must be zeros.
 * Throws a RangeError on anything that is no decimal number, because the server never sends that.
 */
export function minorOf(amount: string, scale: number): bigint {
  const parts = DECIMAL.exec(amount)
  if (!parts) throw new RangeError(`not a decimal amount: \`${amount}\``)
  const [, sign, whole, fraction = ''] = parts
  if (/[1-9]/.test(fraction.slice(scale))) throw new RangeError(`over scale ${scale}: \`${amount}\``)
  const minor = BigInt((whole ?? '0') + fraction.slice(0, scale).padEnd(scale, '0'))
  return sign ? -minor : minor
}

/** The decimal string of an amount in minor units: `plainOf(1230n, 2)` is `"12.30"`. */
export function plainOf(minor: bigint, scale: number): string {
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Sum of two amounts of one currency; throws a RangeError when the currencies differ. */
export function addAmounts(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be added`)
  const scale = scaleOf(a.currency)
  return { amount: plainOf(minorOf(a.amount, scale) + minorOf(b.amount, scale), scale), currency: a.currency }
}

/** Negative, zero or positive as `a` is smaller than, equal to or greater than `b`. */
export function compareAmounts(a: Money, b: Money): number {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be compared`)
  const scale = scaleOf(a.currency)
  const difference = minorOf(a.amount, scale) - minorOf(b.amount, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Whether the amount is exactly nothing. */
export function isZero(money: Money): boolean {
  return minorOf(money.amount, scaleOf(money.currency)) === 0n
}

/** Whether the amount is below zero. */
export function isNegative(money: Money): boolean {
  return minorOf(money.amount, scaleOf(money.currency)) < 0n
}

/** The same amount with the other sign. */
export function negate(money: Money): Money {
  const scale = scaleOf(money.currency)
  return { amount: plainOf(-minorOf(money.amount, scale), scale), currency: money.currency }
}
