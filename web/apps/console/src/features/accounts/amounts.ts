// Amounts of an account page: what is held, how much of a limit is used, what a filter may say.
import { compareAmounts, minorOf, parseAmount, plainOf, scaleOf, type Money } from '@yuanhang/money'
import type { AccountPage } from './wire'

/** What is held: as the bank says it, else the difference between the balance and what is available. */
export function heldOf(page: AccountPage): Money {
  const { balance, available, currency } = page.account
  if (page.held) return page.held
  const scale = scaleOf(currency)
  if (!available) return { amount: plainOf(0n, scale), currency }
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

/** How much of `limit` is used; both decimal strings of `currency`, no limit where there is none. */
export function usageOf(limit: string | null | undefined, used: string | null | undefined, currency: string): Usage {
  const scale = scaleOf(currency)
  const spent = minorOf(used || '0', scale)
  const money = (minor: bigint): Money => ({ amount: plainOf(minor, scale), currency })
  if (limit == null || limit === '') return { limit: null, used: money(spent), left: null, percent: 0 }
  const most = minorOf(limit, scale)
  const left = most > spent ? most - spent : 0n
  const percent = most === 0n ? 100 : Number((spent >= most ? most : spent) * 100n / most)
  return { limit: money(most), used: money(spent), left: money(left), percent }
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
