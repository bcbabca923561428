// The one client of the bank's HTTP interface, in the language of the page.
import { createApi, sending, toRefusal } from '@yuanhang/api'

let signedOut: () => void = () => undefined
let second: (id: string) => Promise<boolean> = () => Promise.resolve(false)

/** What to do when the bank says that nobody is signed in any more. */
export function whenSignedOut(react: () => void): void {
  signedOut = react
}

/** Who waits until another member of staff has decided; says whether the request is to be sent again. */
export function whenSecondNeeded(wait: (id: string) => Promise<boolean>): void {
  second = wait
}

const language = () => document.documentElement.lang || 'zh-CN'

/** Typed calls to the bank. */
export const bank = createApi({ language, onSignedOut: () => signedOut(), whenCountersigned: (id) => second(id) })

const send = sending({})

/** Sends what was asked before, to the byte; its answer, where it has one. A refusal is thrown. */
export async function sendAgain(method: string, path: string, body: string | undefined): Promise<unknown> {
  const headers = { 'Accept-Language': language(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
  const url = new URL(path, window.location.origin)
  const answer = await send(new Request(url, { method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body }) }))
  const told: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw toRefusal(answer, told)
  return told
}
