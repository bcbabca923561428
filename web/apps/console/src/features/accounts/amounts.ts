// Amounts of an account page: what is held, how much of a limit is used, what a filter may say.
import { compareAmounts, minorOf, parseAmount, plainOf, scaleOf, type Money } from '@yuanhang/money'
import type { Account } from './wire'

/** What is held: the difference between the balance and what is available; nothing where an overdraft is granted. */
export function heldOf({ balance, available, currency }: Account): Money {
  const scale = scaleOf(currency)
  const held = minorOf(balance.amount, scale) - minorOf(available.amount, scale)
  return { amount: plainOf(held > 0n ? held : 0n, scale), currency }
}

/** A limit and how much of it is used. */
export interface Usage {
  limit: Money | null
  used: Money
  left: Money | null
  /** 0..=100, rounded down; 100 is shown only when nothing is left. */
  percent: number
}

/** How much of `limit` is used, both of one currency. */
export function usageOf(limit: Money | null | undefined, used: Money): Usage {
  if (!limit) return { limit: null, used, left: null, percent: 0 }
  const scale = scaleOf(used.currency)
  const [most, spent] = [minorOf(limit.amount, scale), minorOf(used.amount, scale)]
  const left = most > spent ? most - spent : 0n
  const percent = most === 0n ? 100 : Number((spent >= most ? most : spent) * 100n / most)
  return { limit, used, left: { amount: plainOf(left, scale), currency: used.currency }, percent }
}

/** What is wrong with the amounts of a filter; empty bounds are open. */
export function boundsProblem(least: string, most: string, currency: string): 'invalid' | 'reversed' | null {
  const [low, high] = [least, most].map((text) => (text.trim() === '' ? null : parseAmount(text, currency)))
  if (low?.problem || high?.problem) return 'invalid'
  if (low?.money && high?.money && compareAmounts(low.money, high.money) > 0) return 'reversed'
  return null
}

/** A bound as the bank reads it: a plain decimal string, empty for none. */
export function boundOf(text: string, currency: string): string {
  return parseAmount(text, currency).money?.amount ?? ''
}
