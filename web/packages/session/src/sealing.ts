// Passwords are sealed before they leave the page (SM2), to a key that is good for one request: nobody on the way reads them.
import { type Api, toHex, unwrap } from '@yuanhang/api'
import { toBytes, toText } from './ceremony'

/** What is sealed is filled up to this many bytes, so that its length does not show. */
const FILLED = 256

/** The first byte of a point that is written whole, which the library leaves out. */
const WHOLE = 4

const ofHex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (two) => Number.parseInt(two, 16))

/** One password, sealed to `key` (base64url of `04`, x and y); base64url of C1, C3 and C2. */
export async function seal(password: string, key: string): Promise<string> {
  const { sm2 } = await import('sm-crypto-v2')
  const bytes = new TextEncoder().encode(password)
  const filled = new Uint8Array(Math.max(FILLED, bytes.length))
  filled.set(bytes)
  const sealed = ofHex(sm2.doEncrypt(filled, toHex(toBytes(key)), 1))
  return toText(Uint8Array.of(WHOLE, ...sealed).buffer)
}

/** The same passwords sealed, and with what; goes into the body of one request. */
export async function sealed<T extends Record<string, string>>(bank: Pick<Api, 'POST'>, passwords: T): Promise<T & { sealed_by: string }> {
  const { challenge, key } = await unwrap(bank.POST('/api/identity/envelope'))
  const each = Object.entries(passwords).map(async ([name, password]) => [name, await seal(password, key)] as const)
  return { ...(Object.fromEntries(await Promise.all(each)) as T), sealed_by: challenge }
}
