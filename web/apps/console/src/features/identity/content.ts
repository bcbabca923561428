// What stands in a request that takes a second pair of eyes, for the second to read.
import { toHex } from '@yuanhang/api'
import type { StaffEnrollment } from './wire'

/** A member of a body with its values as text. */
export interface Fact {
  name: string
  values: string[]
}

/** The members of a JSON body; one fact named `content` where it is something else; none where there is none. */
export function factsOf(body: string | null | undefined): Fact[] {
  if (!body) return []
  const whole = [{ name: 'content', values: [body] }]
  try {
    const read: unknown = JSON.parse(body)
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return whole
    return Object.entries(read).map(([name, value]) => ({ name, values: textsOf(value) }))
  } catch {
    return whole
  }
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return [typeof value === 'string' ? value : JSON.stringify(value)]
}

/** SHA-256 in hexadecimal. */
export async function digestOf(bytes: ArrayBuffer): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** Whether an answer holds the code of somebody who is to be enrolled, which is shown once. */
export function isEnrollment(answer: unknown): answer is StaffEnrollment {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'staff' in answer
}
