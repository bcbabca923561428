// What the bank says about its ledger to staff.

/** How the book stands. */
export interface LedgerStatus {
  head_sequence: number
  head_hash: string
  hash_algorithm: string
  business_date: string
  accounts: number
  transfers: number
  holds: number
  /** Records committed since start. */
  batches: number
  /** Commands executed since start. */
  commands: number
  /** Records the history is behind the head. */
  history_lag: number
  last_at?: string | null
  /** 0 for none. */
  snapshot_sequence: number
  store: string
  batches_per_s?: number | null
}

/** What a verification found. */
export interface Verification {
  verified: boolean
  records: number
  commands: number
  head_hash: string
  state_hash: string
  /** The first fault, exactly; nothing when verified. */
  fault?: string | null
  elapsed_ms: number
}
