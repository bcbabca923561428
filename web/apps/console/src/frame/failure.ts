// What to tell staff about a request that failed.
import { isRefusal } from '@yuanhang/api'

type Translate = (name: string, named?: Record<string, unknown>) => string

/** A failure in words, with the stable code where the server gave one. */
export interface Failure {
  text: string
  code?: string
  /** Nothing went wrong: the bank asks for something first. */
  isRequest?: boolean
}

const REQUESTS = ['countersignature_needed', 'step_up_needed']

const OWN_WORDS: Record<string, string> = {
  network_lost: 'frame.error.network',
  unavailable: 'frame.error.unavailable',
  not_allowed: 'frame.error.notAllowed',
  not_signed_in: 'frame.error.notSignedIn',
  too_many_tries: 'frame.error.tooMany',
  passkey_cancelled: 'frame.error.passkeyCancelled',
  passkey_known: 'frame.error.passkeyKnown',
  passkey_origin: 'frame.error.passkeyOrigin',
}

/** Describes a failure: the server's own sentence first, else ours for its code. */
export function describe(error: unknown, t: Translate): Failure {
  if (!isRefusal(error)) return { text: t('frame.error.unknown') }
  const own = OWN_WORDS[error.code]
  const text = error.detail || t(own ?? 'frame.error.unknown')
  return error.status === 0 ? { text } : { text, code: error.code, isRequest: REQUESTS.includes(error.code) }
}

/** Whether the server says there is no such thing. */
export function isMissing(error: unknown): boolean {
  return isRefusal(error) && error.status === 404
}
