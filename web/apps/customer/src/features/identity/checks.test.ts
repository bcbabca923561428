// Typed values that the pages judge by themselves.
import { describe, expect, it } from 'vitest'
import { isCode, isEasyPin, isIdNumber, isPhone, safeNext } from './checks'

describe('checks of typed values', () => {
  it.each([['11010519491231002X', true], ['11010519491231002x', true], ['440524188001010014', true], ['110105194912310021', false], ['1101051949123100', false]])(
    'ID number %s: %s', (text, right) => expect(isIdNumber(text)).toBe(right))
  it.each([['13800138000', true], ['12800138000', false], ['1380013800', false]])('phone %s: %s', (text, right) => expect(isPhone(text)).toBe(right))
  it.each([['012345', true], ['12345', false], ['1234567', false], ['12a456', false], ['１２３４５６', false], ['', false]])('code %s: %s', (text, right) => expect(isCode(text)).toBe(right))
  it.each([['111111', true], ['123456', true], ['654321', true], ['135790', false]])('easy PIN %s: %s', (pin, easy) => expect(isEasyPin(pin)).toBe(easy))
  it.each([['/limits', '/limits'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], [undefined, '/']])(
    'after sign-in %s leads to %s', (next, to) => expect(safeNext(next)).toBe(to))
})
