// Passkeys as the browser and the bank exchange them.
import { afterEach, expect, test, vi } from 'vitest'
import { isRefusal } from '@yuanhang/api'
import { makePasskey, signWithPasskey, toBytes, toText } from './ceremony'

afterEach(() => vi.unstubAllGlobals())

const bytes = (...values: number[]) => Uint8Array.from(values).buffer
const credential = (response: object) => ({
  id: '-_8', rawId: bytes(0xfb, 0xff), type: 'public-key', authenticatorAttachment: 'platform', response, getClientExtensionResults: () => ({}),
})

test('bytes travel as base64url', () => {
  expect(toText(bytes(0xfb, 0xff, 0))).toBe('-_8A')
  expect([...toBytes('-_8A')]).toEqual([0xfb, 0xff, 0])
})

test('a passkey is made with what the bank asks for', async () => {
  const create = vi.fn(async () => credential({ clientDataJSON: bytes(1), attestationObject: bytes(2), getTransports: () => ['internal'] }))
  vi.stubGlobal('navigator', { credentials: { create } })
  const made = await makePasskey({ challenge: 'AQI', user: { id: 'Aw', name: 'n' }, excludeCredentials: [{ type: 'public-key', id: 'BA' }] })
  expect(made).toEqual({
    id: '-_8', rawId: '-_8', type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {},
    response: { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['internal'] },
  })
  expect(create).toHaveBeenCalledWith({
    publicKey: { challenge: new Uint8Array([1, 2]), user: { id: new Uint8Array([3]), name: 'n' }, excludeCredentials: [{ type: 'public-key', id: new Uint8Array([4]) }] },
  })
})

test('whoever thinks better of it is a refusal that can be said', async () => {
  for (const [name, code] of [['NotAllowedError', 'passkey_cancelled'], ['InvalidStateError', 'passkey_known'], ['SecurityError', 'passkey_origin']] as const) {
    vi.stubGlobal('navigator', { credentials: { get: async () => { throw new DOMException('', name) } } })
    const refused = await signWithPasskey({ challenge: 'AQI' }).catch((error: unknown) => error)
    expect(isRefusal(refused, code), name).toBe(true)
  }
})
