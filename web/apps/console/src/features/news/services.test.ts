// Tests of what the figures of a service mean.
import { describe, expect, it } from 'vitest'
import { LATE_S, SERVICES, stateOf } from './services'

describe('the state of a service', () => {
  it('is unknown where it does not answer', () => expect(stateOf(undefined)).toBe('unknown'))
  it.each([
    [{ dead: 0 }, 'good'],
    [{ dead: 0, oldest_waiting_s: LATE_S }, 'good'],
    [{ dead: 0, oldest_waiting_s: LATE_S + 1 }, 'late'],
    [{ dead: 1, oldest_waiting_s: LATE_S + 1 }, 'dead'],
  ])('of %o is %s', (news, state) => expect(stateOf(news)).toBe(state))
  it('is asked of each service once', () => expect(new Set(SERVICES).size).toBe(SERVICES.length))
})
