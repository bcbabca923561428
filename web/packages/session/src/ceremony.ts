// Passkeys in the browser: the JSON of Web Authentication Level 3 on our side, the browser's own objects on the other.
// Written out, because embedded browsers of phones do not know `parseCreationOptionsFromJSON` and `toJSON` yet.
import { Refusal } from '@yuanhang/api'

type Json = Record<string, unknown>

/** base64url without padding → bytes. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}

/** Bytes → base64url without padding. */
export function toText(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const descriptors = (list: unknown) =>
  ((list ?? []) as (Json & { id: string })[]).map((one) => ({ ...one, id: toBytes(one.id) })) as unknown as PublicKeyCredentialDescriptor[]

/** Has the browser make a passkey; what the bank wants to know of it. */
export async function makePasskey(options: Json): Promise<Json> {
  const user = options['user'] as Json & { id: string }
  const publicKey = {
    ...options,
    challenge: toBytes(options['challenge'] as string),
    user: { ...user, id: toBytes(user.id) },
    excludeCredentials: descriptors(options['excludeCredentials']),
  } as unknown as PublicKeyCredentialCreationOptions
  const made = (await asked(() => navigator.credentials.create({ publicKey }))) as PublicKeyCredential
  const answer = made.response as AuthenticatorAttestationResponse
  return {
    ...shared(made),
    response: {
      clientDataJSON: toText(answer.clientDataJSON),
      attestationObject: toText(answer.attestationObject),
      transports: answer.getTransports?.() ?? [],
    },
  }
}

/** Has one of the person's passkeys sign; what the bank wants to see. */
export async function signWithPasskey(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: toBytes(options['challenge'] as string),
    allowCredentials: descriptors(options['allowCredentials']),
  } as unknown as PublicKeyCredentialRequestOptions
  const used = (await asked(() => navigator.credentials.get({ publicKey }))) as PublicKeyCredential
  const answer = used.response as AuthenticatorAssertionResponse
  return {
    ...shared(used),
    response: {
      clientDataJSON: toText(answer.clientDataJSON),
      authenticatorData: toText(answer.authenticatorData),
      signature: toText(answer.signature),
      ...(answer.userHandle ? { userHandle: toText(answer.userHandle) } : {}),
    },
  }
}

function shared(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
  }
}

/** A browser that refuses, or a person who thinks better of it, is a refusal that pages can say. */
async function asked(ask: () => Promise<Credential | null>): Promise<Credential> {
  try {
    const credential = await ask()
    if (credential) return credential
    throw new Refusal('passkey_cancelled', 0, '')
  } catch (error) {
    if (error instanceof Refusal) throw error
    const name = error instanceof DOMException ? error.name : ''
    const code = name === 'InvalidStateError' ? 'passkey_known' : name === 'SecurityError' ? 'passkey_origin' : 'passkey_cancelled'
    throw new Refusal(code, 0, '', {}, { cause: error })
  }
}
