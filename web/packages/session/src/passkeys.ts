// Whether passkeys can be spoken of in this browser at all.

/** Whether this browser can keep or use passkeys. */
export function passkeysWork(): boolean {
  return typeof PublicKeyCredential === 'function' && typeof navigator.credentials?.create === 'function'
}
