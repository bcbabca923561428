// What the bank says about an account to staff; numbers arrive masked.
import type { Money } from '@yuanhang/money'

/** An account in a list. */
export interface Account {
  id: string
  number_masked: string
  currency: string
  class: string
  state: string
  nickname?: string | null
  right?: string | null
  owner_name?: string | null
  balance: Money
  available?: Money | null
  opened_on: string
}

/** Limits on what leaves an account; decimal strings, nothing for no limit. */
export interface Limits {
  per_transfer?: string | null
  per_day?: string | null
  per_month?: string | null
  used_day?: string | null
  used_month?: string | null
}

/** The page of one account. */
export interface AccountPage {
  account: Account
  customer_id?: string | null
  owner_name?: string | null
  held?: Money | null
  limits?: Limits | null
}

/** A movement. */
export interface Movement {
  transfer_id: string
  number: number
  direction: 'in' | 'out'
  amount: Money
  balance_after: Money
  code: string
  counterparty_name?: string | null
  counterparty_account?: string | null
  counterparty_bank?: string | null
  memo?: string | null
  booked_on: string
  value_on: string
  at: string
}

/** A page of movements, newest first. */
export interface Movements {
  movements: Movement[]
  next_cursor?: string | null
}

/** What movements are asked for; empty strings ask for everything. */
export interface MovementFilter {
  direction: '' | 'in' | 'out'
  from: string
  until: string
  amount_min: string
  amount_max: string
  text: string
}

/** One change of the state of an account. */
export interface StateChange {
  at: string
  staff?: string | null
  staff_name?: string | null
  from: string
  to: string
  reason: string
}
