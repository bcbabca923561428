// The one client of the bank's HTTP interface, in the language of the page.
import { createApi, type Errands, sending, toRefusal } from '@yuanhang/api'

let signedOut: () => void = () => undefined
let second: (id: string) => Promise<boolean> = () => Promise.resolve(false)
let proof: (ways: Way[]) => Promise<boolean> = () => Promise.resolve(false)

/** How a member of staff can prove to be there, the least effort first. */
export type Way = 'passkey' | 'password'

/** What to do when the bank says that nobody is signed in any more. */
export function whenSignedOut(react: () => void): void {
  signedOut = react
}

/** Who waits until another member of staff has decided; says whether the request is to be sent again. */
export function whenSecondNeeded(wait: (id: string) => Promise<boolean>): void {
  second = wait
}

/** Who asks the one at the desk to prove to be there; says whether they did. */
export function whenProofNeeded(ask: (ways: Way[]) => Promise<boolean>): void {
  proof = ask
}

const proving: Errands = { step_up_needed: (told) => proof((told['ways'] as Way[] | undefined) ?? []) }
const countersigning: Errands = { countersignature_needed: (told) => second(String(told['countersignature'])) }

const language = () => document.documentElement.lang || 'zh-CN'

/** Typed calls to the bank. */
export const bank = createApi({ language, onSignedOut: () => signedOut(), errands: { ...proving, ...countersigning } })

const send = sending({ errands: proving })

/** Sends what was asked before, to the byte; its answer, where it has one. A refusal is thrown. */
export async function sendAgain(method: string, path: string, body: string | undefined): Promise<unknown> {
  const headers = { 'Accept-Language': language(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
  const url = new URL(path, window.location.origin)
  const answer = await send(new Request(url, { method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body }) }))
  const told: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw toRefusal(answer, told)
  return told
}
