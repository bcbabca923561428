// What is shown is what is signed: every text that differs from the challenge stops before a passkey is asked.
import { afterEach, describe, expect, it, test, vi } from 'vitest'
import { isRefusal } from '@yuanhang/api'
import { assertSame, grouped, parseAct, signApproval } from './approvals'
import { toText } from '@yuanhang/session/ceremony'

afterEach(() => vi.unstubAllGlobals())

const members = {
  what: 'transfer', payee: '测试甲', account: '6230580000000000025', amount: '1200.00', currency: 'CNY', from: '6230580000000000017',
  order: '3f2a', nonce: '00ff', expires_at: '2026-11-26T08:03:00Z',
}
const act = JSON.stringify(members)
const challengeOf = async (text: string) => toText(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

describe('reading an act', () => {
  it('finds what the person has to see', () => {
    expect(parseAct(act)).toEqual({
      what: 'transfer', payee: '测试甲', account: '6230580000000000025', money: { amount: '1200.00', currency: 'CNY' }, from: '6230580000000000017',
      expiresAt: '2026-11-26T08:03:00Z',
    })
  })
  it.each([
    ['another act', { ...members, what: 'loan' }],
    ['a member nobody would see', { ...members, fee: '900.00' }],
    ['no payee', { ...members, payee: '' }],
    ['an amount that is a number', { ...members, amount: 1200 }],
    ['an amount below zero', { ...members, amount: '-1200.00' }],
    ['an amount in words', { ...members, amount: '1e9' }],
    ['half a fen', { ...members, amount: '1200.005' }],
    ['no currency', { ...members, currency: 'yuan' }],
    ['no end', { ...members, expires_at: 'soon' }],
    ['a name that reads backwards', { ...members, payee: '\u202e测试甲' }],
    ['a list', [members]],
    ['nothing', null],
  ])('shows nothing of %s', (_name, value) => expect(parseAct(JSON.stringify(value))).toBeUndefined())
  it('shows nothing of what is no JSON', () => expect(parseAct('transfer')).toBeUndefined())
})

test('account numbers read in fours', () => {
  expect(grouped('6230580000000000025')).toBe('6230 5800 0000 0000 025')
  expect(grouped('6230 **** 0025')).toBe('6230 **** 0025')
  expect(grouped('62305800')).toBe('6230 5800')
})

test('the digest is the one of FIPS 180-4, as base64url', async () => {
  await expect(assertSame('abc', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')).resolves.toBeUndefined()
})

test('no passkey is asked for a text that was altered', async () => {
  const get = vi.fn()
  vi.stubGlobal('navigator', { credentials: { get } })
  const challenge = await challengeOf(act)
  for (const name of ['payee', 'account', 'amount', 'currency', 'nonce', 'order', 'from', 'expires_at'] as const) {
    const values = { ...members, [name]: { amount: '9200.00', currency: 'USD', expires_at: '2027-11-26T08:03:00Z' }[name as string] ?? `${members[name]}0` }
    const refused = await signApproval(JSON.stringify(values), { challenge }).catch((error: unknown) => error)
    expect(isRefusal(refused, 'approval_altered'), name).toBe(true)
  }
  for (const challenge of [undefined, '', 'AQI', `${await challengeOf(act)}=`]) {
    const refused = await signApproval(act, { challenge }).catch((error: unknown) => error)
    expect(isRefusal(refused, 'approval_altered'), String(challenge)).toBe(true)
  }
  expect(get).not.toHaveBeenCalled()
})

test('the same text is signed', async () => {
  const bytes = Uint8Array.from([1]).buffer
  const response = { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, userHandle: null }
  const get = vi.fn(async () => ({ id: 'AQ', rawId: bytes, type: 'public-key', response, getClientExtensionResults: () => ({}) }))
  vi.stubGlobal('navigator', { credentials: { get } })
  expect(await signApproval(act, { challenge: await challengeOf(act) })).toMatchObject({ id: 'AQ', response: { signature: 'AQ' } })
  expect(get).toHaveBeenCalledOnce()
})
