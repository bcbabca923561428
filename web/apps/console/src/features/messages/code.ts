// Finding the one-time code in a message.

/** A text in parts; the code, where there is one, stands alone. */
export interface Parts {
  before: string
  code: string
  after: string
}

/** Splits a text around its six-digit code; `null` where it has none. */
export function codeIn(text: string): Parts | null {
  const found = /(?<!\d)\d{6}(?!\d)/.exec(text)
  if (!found) return null
  const end = found.index + found[0].length
  return { before: text.slice(0, found.index), code: found[0], after: text.slice(end) }
}
