// What the bank says about an account to staff; numbers arrive masked.
import type { Money } from '@yuanhang/money'

/** An account. */
export interface Account {
  id: string
  number_masked: string
  currency: string
  class: string
  state: string
  /** Of the customer whose accounts are listed: `own`, `move` or `see`. */
  right: string
  customer_id: string
  owner_masked_name: string
  balance: Money
  available: Money
  limits: Limits
  opened_on: string
}

/** Limits on what leaves an account toward others; nothing for no limit. */
export interface Limits {
  per_transfer?: Money | null
  per_day?: Money | null
  per_month?: Money | null
  used_day: Money
  used_month: Money
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
  /** Id of the member of staff; nothing where the owner did it. */
  staff?: string | null
  from: string
  to: string
  reason: string
}
