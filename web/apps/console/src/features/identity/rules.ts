// What a staff name and an initial password must be; the server checks again.

const STAFF_NAME = /^[a-z][a-z0-9._-]{1,39}$/

/** Whether this can be a staff name: 2–40 characters of `a-z0-9._-`, a letter first. */
export function isStaffName(name: string): boolean {
  return STAFF_NAME.test(name)
}

/** Whether this is long enough for an initial password: 12–64 characters. */
export function isPassword(password: string): boolean {
  return password.length >= 12 && password.length <= 64
}

/** What a third party can be registered for. */
export const SCOPES = ['payee_check', 'rates'] as const
