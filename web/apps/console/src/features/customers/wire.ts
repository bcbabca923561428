// What the bank says about a customer to staff; personal fields arrive masked.

/** A row of the search. */
export interface CustomerFound {
  id: string
  kind: 'person' | 'business'
  masked_name: string
  masked_phone?: string | null
  masked_id_number?: string | null
  kyc: string
}

/** A customer. */
export interface Customer extends CustomerFound {
  division?: string | null
  division_name?: string | null
  registered_at: string
}
