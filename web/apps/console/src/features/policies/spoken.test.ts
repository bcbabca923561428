// Tests of how policies are put in words.
import { describe, expect, it } from 'vitest'
import { spoken, times } from './spoken'

describe('a policy is read', () => {
  const both = { says: '只能查看', says_en: 'Viewers look' }
  it('in the language of the page', () => {
    expect(spoken(both, 'zh-CN')).toBe('只能查看')
    expect(spoken(both, 'en')).toBe('Viewers look')
  })
  it('in Chinese where there is no English', () => expect(spoken({ ...both, says_en: '' }, 'en')).toBe('只能查看'))
})

describe('a change holds', () => {
  const name = (channel: string) => channel.toUpperCase()
  it('always', () => expect(times([], name)).toEqual([]))
  it('in whole channels, or with some assurances', () => {
    const each = [1, 2, 3].map((assurance) => ({ channel: 'app', assurance }))
    expect(times([...each, { channel: 'web', assurance: 1 }], name)).toEqual(['APP', 'WEB 1'])
  })
})
