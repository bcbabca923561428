// Tests of taking the record's texts apart.
import { describe, expect, it } from 'vitest'
import { asked, dayAfter, named, routeOf } from './parts'

describe('who and what', () => {
  it.each([
    ['account:0193-a', { kind: 'account', id: '0193-a' }],
    ['bank', { kind: 'bank', id: '' }],
  ])('%s', (text, expected) => expect(named(text)).toEqual(expected))
})

describe('an action', () => {
  it('may be a route', () =>
    expect(routeOf('GET /api/accounts/console/{id}')).toEqual({ method: 'GET', path: '/api/accounts/console/{id}' }))
  it.each(['payments.transfer_posted', 'GET', 'get /api', ''])('is none: %s', (text) => expect(routeOf(text)).toBeNull())
})

describe('what is asked', () => {
  it('leaves out what is empty', () =>
    expect(asked({ actor: ' ', subject: '', action: '', from: '', until: '' })).toEqual({}))
  it('turns days of the bank into instants, the last day included', () =>
    expect(asked({ actor: ' bank ', subject: 'account:1', action: 'GET ', from: '2026-11-01', until: '2026-12-31' })).toEqual({
      actor: 'bank',
      subject: 'account:1',
      action: 'GET ',
      from: '2026-11-01T00:00:00+08:00',
      until: '2027-01-01T00:00:00+08:00',
    }))
  it('knows what was shown whole', () =>
    expect(asked({ actor: '', subject: '', action: 'unmasked', from: '', until: '' })).toEqual({ unmasked: 'true' }))
  it('knows leap days', () => expect(dayAfter('2028-02-28')).toBe('2028-02-29'))
})
