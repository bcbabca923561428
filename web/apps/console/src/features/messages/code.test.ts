// Tests of finding the one-time code.
import { describe, expect, it } from 'vitest'
import { codeIn } from './code'

describe('the code in a message', () => {
  it.each([
    ['【远行】验证码 481516，5 分钟内有效。', '481516'],
    ['Your code is 004815.', '004815'],
    ['尾号 1234 的账户收入 100.00 CNY', undefined],
    ['Reference 12345678', undefined],
  ])('%s', (text, code) => expect(codeIn(text)?.code).toBe(code))

  it('loses nothing of the text', () => {
    const parts = codeIn('a 123456 b')
    expect(`${parts?.before}${parts?.code}${parts?.after}`).toBe('a 123456 b')
  })
})
