// What can be told of a typed value before the bank is asked.

/** A code of six digits. */
export function isCode(text: string): boolean {
  return /^\d{6}$/.test(text)
}

/** Whether it has the length of a code that was given for a tablet: 20 letters and digits, however they are grouped. */
export function isEnrollmentCode(text: string): boolean {
  return /^[0-9a-z]{20}$/i.test(text.replace(/[\s-]/g, ''))
}

/** Whether it looks like a phone number of the mainland. */
export function isPhone(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(text)
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Whether the check character of an 18-place ID number is right (GB 11643-1999, ISO 7064 MOD 11-2). */
export function isIdNumber(text: string): boolean {
  const number = text.toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return false
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0)
  return '10X98765432'[sum % 11] === number[17]
}

/** Whether a payment PIN is too easy: one digit six times, or six in a row. */
export function isEasyPin(pin: string): boolean {
  return /^(\d)\1{5}$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin)
}

/** The fewest characters of a password. */
export const PASSWORD_LENGTH_MIN = 8

/** A way back into the app and nowhere else. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
