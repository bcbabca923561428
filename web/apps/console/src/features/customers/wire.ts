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
  born_on?: string | null
  division?: string | null
  division_name?: string | null
  address?: string | null
  masked_address?: string | null
  masked_representative?: string | null
  registered_at?: string | null
}
