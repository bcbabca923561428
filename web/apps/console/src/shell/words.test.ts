// Tests of the words: both languages say the same things with the same blanks.
import { describe, expect, it } from 'vitest'
import { enWords, zhWords } from './words'

/** Every full name with its text. */
function flatten(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : flatten(value as object, `${prefix}${name}.`),
  )
}

const zh = Object.fromEntries(flatten(zhWords))
const en = Object.fromEntries(flatten(enWords))
const blanks = (text: string | undefined) => [...new Set(text?.match(/\{\w+\}/g) ?? [])].sort()

describe('the words of the console', () => {
  it('exist in both languages', () => expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort()))
  it('are never empty', () => expect(Object.entries({ ...zh, ...en }).filter(([, text]) => !text.trim())).toEqual([]))
  it('have the same blanks in both languages', () => {
    const differing = Object.keys(zh).filter((name) => blanks(zh[name]).join() !== blanks(en[name]).join())
    expect(differing).toEqual([])
  })
  it('leave no Chinese in the English', () => {
    expect(Object.entries(en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
  })
})
