// Tests of ages in words.
import { describe, expect, it } from 'vitest'
import { ageText } from './age'

describe('an age', () => {
  it.each([
    [0, '0 seconds', '0秒'],
    [1, '1 second', '1秒'],
    [59, '59 seconds', '59秒'],
    [60, '1 minute', '1分钟'],
    [3599, '59 minutes', '59分钟'],
    [7200, '2 hours', '2小时'],
    [172_799, '47 hours', '47小时'],
    [172_800, '2 days', '2天'],
  ])('%d', (seconds, en, zh) => {
    expect(ageText(seconds, 'en')).toBe(en)
    expect(ageText(seconds, 'zh-CN')).toBe(zh)
  })
  it('is a dash where nothing waits', () => {
    expect(ageText(undefined, 'en')).toBe('—')
    expect(ageText(null, 'zh-CN')).toBe('—')
  })
})
