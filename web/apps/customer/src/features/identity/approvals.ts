// What is approved with a passkey: read from the text that is signed, shown as read, and signed as shown.
import { Refusal } from '@yuanhang/api'
import { formatMoney, type Money } from '@yuanhang/money'
import { signWithPasskey, toText } from '@yuanhang/session/ceremony'

/** A transfer to others, as the person has to see it. */
export interface TransferAct {
  what: 'transfer'
  payee: string
  account: string
  money: Money
  from: string
  /** Instant, RFC 3339. */
  expiresAt: string
}

/** `order` and `nonce` tie the act to one order of the bank's books and say nothing to a person. */
const MEMBERS = ['what', 'payee', 'account', 'amount', 'currency', 'from', 'order', 'nonce', 'expires_at']
/** What would make a text look like another one. */
const DECEIVES = /[\p{Cc}\p{Bidi_Control}]/u

/**
 * What a text says that is to be signed; nothing where this page cannot show all of it. A member that it does not
 * know is enough: nobody signs what they have not seen.
 */
export function parseAct(act: string): TransferAct | undefined {
  const read = textsOf(act)
  if (!read || read['what'] !== 'transfer') return undefined
  if (Object.keys(read).length !== MEMBERS.length || MEMBERS.some((name) => !read[name])) return undefined
  const { payee = '', account = '', amount = '', currency = '', from = '', expires_at: expiresAt = '' } = read
  const money = { amount, currency }
  if (!/^[A-Z]{3}$/.test(currency) || !/^\d/.test(amount) || !Number.isFinite(Date.parse(expiresAt)) || !isMoney(money)) return undefined
  return { what: 'transfer', payee, account, money, from, expiresAt }
}

/** The members of a JSON object of which each is a text that can be shown. */
function textsOf(act: string): Record<string, string> | undefined {
  try {
    const read: unknown = JSON.parse(act)
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined
    const fine = Object.values(read).every((value) => typeof value === 'string' && !DECEIVES.test(value))
    return fine ? (read as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}

function isMoney(money: Money): boolean {
  try {
    return formatMoney(money) !== ''
  } catch {
    return false
  }
}

/** An account number in groups of four; one that is masked stays as it is. */
export function grouped(account: string): string {
  if (!/^\d+$/.test(account)) return account
  return account.replace(/(.{4})(?=.)/g, '$1 ')
}

/** Refuses (`approval_altered`) unless the challenge stands for exactly this text. */
export async function assertSame(act: string, challenge: unknown): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(act))
  if (challenge !== toText(digest)) throw new Refusal('approval_altered', 0, '')
}

/** Has a passkey sign the text that was shown; no passkey is asked for another one. */
export async function signApproval(act: string, options: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!parseAct(act)) throw new Refusal('approval_altered', 0, '')
  await assertSame(act, options['challenge'])
  return signWithPasskey(options)
}
