// Why staff have a personal field shown whole, as the bank asks it.

/** Purposes, a closed list. */
export const PURPOSES = ['identity_check', 'complaint', 'fraud_investigation', 'authority_request', 'data_correction'] as const

/** What is recorded with it. */
export interface Reason {
  purpose: (typeof PURPOSES)[number]
  reference: string
}

/** The most characters of a reference. */
export const REFERENCE_MAX = 32

/** For how long a field is shown, seconds. */
export const SHOWN_S = 60

/** Whether a text is the number of a case, and of nobody: a letter, then letters, digits and hyphens, at most 8 digits in a row. */
export function isReference(text: string): boolean {
  const reference = text.trim()
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(reference) && reference.length <= REFERENCE_MAX && !/\d{9}/.test(reference)
}
