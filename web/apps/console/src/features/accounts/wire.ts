// Accounts as the bank describes them to staff; numbers and names arrive masked.
import type { components } from '@yuanhang/api'

type Shapes = components['schemas']

/** An account with its limits. */
export type Account = Shapes['ConsoleAccountView']
/** Limits on what leaves an account toward others. */
export type Limits = Shapes['LimitsView']
/** A movement; the description says only that the direction is a word. */
export type Movement = Shapes['MovementView'] & { direction: 'in' | 'out' }
/** One change of the state of an account. */
export type StateChange = Shapes['StateChangeView']

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
