// Tests of what may be given as a reference.
import { describe, expect, it } from 'vitest'
import { isReference } from './unmask'

describe('a reference', () => {
  it.each(['CASE-20261127-0012', ' T1 '])('may be %s', (text) => expect(isReference(text)).toBe(true))
  it.each(['', '12345678', '13812345678', 'T13812345678', '工单-1', 'CASE 1', '-C1', 'C'.repeat(33)])('is not %s', (text) =>
    expect(isReference(text)).toBe(false),
  )
})
