// The ledger as the bank describes it to staff.
import type { components } from '@yuanhang/api'

/** How the book stands. */
export type LedgerStatus = components['schemas']['LedgerStatusView']
