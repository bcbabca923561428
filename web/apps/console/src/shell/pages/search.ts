// Which searches a typed text calls for.

/** What to ask; empty strings for what not to ask. */
export interface Asked {
  customer: string
  account: string
}

const PHONE_DIGITS = 11
const ACCOUNT_DIGITS = { min: 12, max: 19 }
const ID_CHARACTERS = 18
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Reads a typed text: digits of the length of an account number are looked for among accounts,
 * everything that may be a name, a phone or an ID number among customers, an id among both. Spaces and
 * hyphens inside numbers do not count.
 */
export function askedOf(text: string): Asked {
  const tidy = text.trim()
  if (UUID.test(tidy)) return { customer: tidy, account: tidy }
  const compact = tidy.replace(/[\s-]/g, '')
  if (!/^\d+$/.test(compact)) {
    const number = /^\d{17}[\dxX]$/.test(compact)
    return { customer: number ? compact.toUpperCase() : tidy, account: '' }
  }
  const length = compact.length
  const account = length >= ACCOUNT_DIGITS.min && length <= ACCOUNT_DIGITS.max
  const customer = !account || length === PHONE_DIGITS || length === ID_CHARACTERS
  return { customer: customer ? compact : '', account: account ? compact : '' }
}
