// What a scanned text may lead to.
import { describe, expect, it } from 'vitest'
import { codeOf, scanAddress } from './scanning'

const ORIGIN = 'https://bank.example'
const CODE = 'x7Kp-_'.repeat(7) + 'q'

describe('codes of pages that want to be signed in', () => {
  it('come back out of the address they are shown in', () => {
    expect(codeOf(scanAddress(ORIGIN, CODE), ORIGIN)).toBe(CODE)
  })
  it.each([
    ['another site', `https://bank.example.evil.example/scan#${CODE}`],
    ['another scheme', `http://bank.example/scan#${CODE}`],
    ['another page', `${ORIGIN}/transfer#${CODE}`],
    ['a code that is too short', `${ORIGIN}/scan#${CODE.slice(1)}`],
    ['a code with something behind it', `${ORIGIN}/scan#${CODE}/../transfer`],
    ['no code', `${ORIGIN}/scan#`],
    ['a payment code', 'https://pay.example/12345'],
    ['any text', '恭喜您中奖'],
  ])('are nothing in %s', (_, text) => {
    expect(codeOf(text, ORIGIN)).toBe('')
  })
})
