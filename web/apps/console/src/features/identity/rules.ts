// What a staff name and an enrollment code must be; the server checks again.

const STAFF_NAME = /^[a-z][a-z0-9._-]{1,39}$/

/** Whether this can be a staff name: 2–40 characters of `a-z0-9._-`, a letter first. */
export function isStaffName(name: string): boolean {
  return STAFF_NAME.test(name)
}

/** Whether this has the length of an enrollment code: 20 letters and digits, however they are grouped. */
export function isCode(code: string): boolean {
  return /^[0-9a-z]{20}$/i.test(code.replace(/[\s-]/g, ''))
}

/** What a third party can be registered for. */
export const SCOPES = ['payee_check', 'rates', 'phone_channel'] as const

/** Why an emergency can be declared. */
export const EMERGENCY_REASONS = ['security_incident', 'outage', 'customer_harm', 'authority_order'] as const
