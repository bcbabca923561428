// The bank's telephone system as the bank sees it: a program that is registered, proves who it is, and asks in calls.
import { expect, type APIRequestContext } from '@playwright/test'
import type { SignIns } from './people'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const TOKEN = '/api/identity/third-party/token'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const text = (bytes: ArrayBuffer | Uint8Array | string) => Buffer.from(bytes as Uint8Array).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

/** Signs a JWT with ES256. */
async function sign(pair: CryptoKeyPair, header: object, payload: object): Promise<string> {
  const signed = `${text(JSON.stringify({ ...header, alg: 'ES256' }))}.${text(JSON.stringify(payload))}`
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, Buffer.from(signed))
  return `${signed}.${text(signature)}`
}

async function publicKey(pair: CryptoKeyPair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { kty, crv, x, y }
}

const pair = () => crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])

/** A registration, which takes two members of staff: one asks, the other countersigns that very request. */
async function register(request: APIRequestContext, people: SignIns, name: string, key: object): Promise<string> {
  const [asker, colleague] = await Promise.all([people.staff, people.colleague].map(async (data) => {
    const { token } = (await (await request.post('/api/identity/console/sign-in', { data })).json()) as { token: string }
    return { Authorization: `Bearer ${token}` }
  }))
  const path = '/api/identity/console/third-parties'
  const data = { name, scopes: ['phone_channel'], key: JSON.stringify(key) }
  const waits = (await (await request.post(path, { headers: asker!, data })).json()) as { countersignature: string }
  const given = await request.post(`/api/identity/console/countersignatures/${waits.countersignature}`, { headers: colleague! })
  expect(given.ok(), await given.text()).toBe(true)
  const done = await request.post(path, { headers: asker!, data })
  expect(done.ok(), await done.text()).toBe(true)
  return ((await done.json()) as { id: string }).id
}

/** Registers a telephone system of this name, and takes a token for it: a way to ask the bank with it. */
export async function telephone(request: APIRequestContext, base: string, people: SignIns, name: string) {
  const [identity, device] = await Promise.all([pair(), pair()])
  const id = await register(request, people, name, await publicKey(identity))
  let nonce: string | undefined

  /** Asks with a proof of the key; once more where the bank wants one with its nonce. */
  async function ask(path: string, body: { form: Record<string, string> } | { data: object }, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
    for (;;) {
      const proof = {
        htm: 'POST', htu: base + path, iat: now(), jti: crypto.randomUUID(), ...(nonce ? { nonce } : {}),
        ...(token ? { ath: text(await crypto.subtle.digest('SHA-256', Buffer.from(token))) } : {}),
      }
      const headers = {
        DPoP: await sign(device, { typ: 'dpop+jwt', jwk: await publicKey(device) }, proof),
        ...(token ? { Authorization: `DPoP ${token}` } : {}),
      }
      const answer = await request.post(path, { headers, ...body })
      const known = nonce
      nonce = answer.headers()['dpop-nonce'] ?? nonce
      const said = (await answer.text()) || '{}'
      const read = JSON.parse(said) as Record<string, unknown>
      if (read['code'] !== 'proof_nonce_needed' || nonce === known) return { status: answer.status(), body: read }
    }
  }

  const claims = { iss: id, sub: id, aud: base, iat: now(), exp: now() + 60, jti: crypto.randomUUID() }
  const assertion = await sign(identity, { typ: 'JWT' }, claims)
  const form = { grant_type: 'client_credentials', client_assertion_type: ASSERTION, client_assertion: assertion }
  const entered = await ask(TOKEN, { form })
  expect(entered.status, JSON.stringify(entered.body)).toBe(200)
  const token = String(entered.body['access_token'])
  return {
    /** Somebody calls: the call, and the number that is read out. */
    async call(phone: string): Promise<{ id: string; number: number }> {
      const begun = await ask('/api/identity/third-party/calls', { data: { caller_number: phone } }, token)
      expect(begun.status, JSON.stringify(begun.body)).toBe(201)
      return begun.body as { id: string; number: number }
    },
    /** How far the call is. */
    session: (call: string) => ask(`/api/identity/third-party/calls/${call}/session`, { data: {} }, token),
  }
}
