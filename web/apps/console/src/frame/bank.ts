// The one client of the bank's HTTP interface, in the language of the page.
import { createApi } from '@yuanhang/api'

let signedOut: () => void = () => undefined

/** What to do when the bank says that nobody is signed in any more. */
export function whenSignedOut(react: () => void): void {
  signedOut = react
}

/** Typed calls to the bank. */
export const bank = createApi({
  language: () => document.documentElement.lang || 'zh-CN',
  onSignedOut: () => signedOut(),
})
