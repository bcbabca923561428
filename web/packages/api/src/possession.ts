// The key of this device, and the proof with each request that it came from here (RFC 9449).
//
// The key is made in the browser and cannot be taken out of it: a cookie that was carried away is worth nothing
// without it. Where a browser has no place for such a key, requests go without a proof, and the bank decides.

import { bankNow, learnTime } from './clock'

const DATABASE = 'yuanhang'
const STORE = 'keys'
const NAME = 'device'
/** Kept between pages, so that a new page need not be refused once to learn it. */
const NONCE = 'yuanhang.nonce'
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** base64url without padding. */
function text(bytes: ArrayBuffer | Uint8Array): string {
  const plain = Array.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
const json = (value: unknown) => text(new TextEncoder().encode(JSON.stringify(value)))

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the store of keys failed'))
  })
}

async function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(DATABASE, 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
  return done(asked)
}

/** The key pair of this device, made where there is none yet; two pages at once end up with the same. */
async function deviceKey(): Promise<CryptoKeyPair> {
  const database = await open()
  const kept = await done(database.transaction(STORE).objectStore(STORE).get(NAME) as IDBRequest<CryptoKeyPair | undefined>)
  if (kept) return kept
  const fresh = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE)
  const first = await done(store.get(NAME) as IDBRequest<CryptoKeyPair | undefined>)
  if (first) return first
  await done(store.put(fresh, NAME))
  return fresh
}

interface Device {
  key: CryptoKey
  header: string
}

async function device(): Promise<Device> {
  const pair = await deviceKey()
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { key: pair.privateKey, header: json({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }) }
}

/** Sends requests with a proof of this device. */
export function provingFetch(send: (request: Request) => Promise<Response> = (request) => fetch(request)): (request: Request) => Promise<Response> {
  let known: Promise<Device | undefined> | undefined

  async function prove(request: Request): Promise<Request> {
    known ??= device().catch(() => undefined)
    const own = await known
    if (!own) return request
    const { origin, pathname } = new URL(request.url)
    const nonce = localStorage.getItem(NONCE)
    const payload = json({
      htm: request.method,
      htu: origin + pathname,
      iat: Math.floor(bankNow() / 1000),
      jti: text(crypto.getRandomValues(new Uint8Array(16))),
      ...(nonce ? { nonce } : {}),
    })
    const signed = `${own.header}.${payload}`
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, own.key, new TextEncoder().encode(signed))
    request.headers.set('DPoP', `${signed}.${text(signature)}`)
    return request
  }

  function learn(answer: Response): void {
    const nonce = answer.headers.get('DPoP-Nonce')
    if (nonce) localStorage.setItem(NONCE, nonce)
    learnTime(answer)
  }

  return async (request) => {
    const again = request.clone()
    const answer = await send(await prove(request))
    learn(answer)
    // Nothing was done yet: the bank wants the same once more, with a nonce or a time that it has just told.
    const once = answer.status === 401 && /^proof_(nonce|time)_/.test(await codeOf(answer))
    if (!once) return answer
    const second = await send(await prove(again))
    learn(second)
    return second
  }
}

async function codeOf(answer: Response): Promise<string> {
  const body = (await answer.clone().json().catch(() => ({}))) as { code?: unknown }
  return typeof body.code === 'string' ? body.code : ''
}
