// Requests prove that they come from this device; what the bank tells of nonce and time is used at once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { provingFetch } from './possession'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) })
  vi.stubGlobal('indexedDB', store())
})
afterEach(() => vi.unstubAllGlobals())

/** As much of IndexedDB as one key needs. */
function store() {
  const rows = new Map<string, unknown>()
  const answer = (result: unknown) => {
    const request: { result: unknown; onsuccess?: () => void } = { result }
    queueMicrotask(() => request.onsuccess?.())
    return request
  }
  const objects = { get: (name: string) => answer(rows.get(name)), put: (value: unknown, name: string) => answer(void rows.set(name, value)) }
  return { open: () => answer({ transaction: () => ({ objectStore: () => objects }) }) }
}

const bytes = (text: string) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
const parts = (request: Request) =>
  (request.headers.get('DPoP') ?? '').split('.').slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytes(part))) as Record<string, unknown>)
const refusal = (code: string, headers: Record<string, string>) => new Response(JSON.stringify({ code }), { status: 401, headers })

test('a proof names method and address, and is signed by the key that it holds', async () => {
  const sent: Request[] = []
  const ask = provingFetch(async (request) => (sent.push(request), new Response('ok')))
  await ask(new Request('https://bank.example/api/accounts?after=1', { method: 'POST', body: '{}' }))
  await ask(new Request('https://bank.example/api/accounts'))
  const [header, payload] = parts(sent[0]!)
  expect(header).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' } })
  expect(payload).toMatchObject({ htm: 'POST', htu: 'https://bank.example/api/accounts' })
  expect(Object.keys(header!['jwk'] as object)).not.toContain('d')
  const [second, other] = parts(sent[1]!)
  expect(second!['jwk'], 'one device, one key').toEqual(header!['jwk'])
  expect(other!['jti']).not.toBe(payload!['jti'])
  const [signed, signature] = sent[0]!.headers.get('DPoP')!.split(/\.(?=[^.]*$)/)
  const key = await crypto.subtle.importKey('jwk', header!['jwk'] as JsonWebKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  const right = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes(signature!), new TextEncoder().encode(signed))
  expect(right).toBe(true)
})

test('what is refused for its nonce or its time is asked once more, body and all', async () => {
  for (const [code, headers, check] of [
    ['proof_nonce_needed', { 'DPoP-Nonce': 'n-1' }, (payload: Record<string, unknown>) => expect(payload['nonce']).toBe('n-1')],
    ['proof_time_late', { Date: 'Fri, 01 Jan 2038 00:00:00 GMT' }, (payload: Record<string, unknown>) => expect(payload['iat']).toBeGreaterThan(2_145_000_000)],
  ] as const) {
    const bodies: string[] = []
    const sent: Request[] = []
    const ask = provingFetch(async (request) => {
      sent.push(request)
      bodies.push(await request.text())
      return sent.length === 1 ? refusal(code, headers) : new Response('ok')
    })
    const answer = await ask(new Request('https://bank.example/api/payments', { method: 'POST', body: '{"a":1}' }))
    expect(await answer.text()).toBe('ok')
    expect(bodies).toEqual(['{"a":1}', '{"a":1}'])
    check(parts(sent[1]!)[1]!)
  }
})

test('other refusals are answers, and no key is no proof', async () => {
  let asked = 0
  const refusing = provingFetch(async () => (asked++, refusal('proof_key_other', {})))
  expect((await refusing(new Request('https://bank.example/api/x'))).status).toBe(401)
  expect(asked).toBe(1)
  vi.stubGlobal('indexedDB', undefined)
  const bare = provingFetch(async (request) => new Response(request.headers.get('DPoP') ?? 'none'))
  expect(await (await bare(new Request('https://bank.example/api/x'))).text()).toBe('none')
})
