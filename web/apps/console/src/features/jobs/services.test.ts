// How long a run took is told from its beginning.
import { expect, test } from 'vitest'
import { tookSeconds } from './services'

const run = { due_on: '2026-11-27', state: 'done', tries: 1, progress: '' }

test('a run took from its beginning to its end, or until now', () => {
  const now = Date.parse('2026-11-27T04:00:00Z')
  const begun_at = '2026-11-26T19:30:00Z'
  expect(tookSeconds({ ...run, begun_at, done_at: '2026-11-26T19:30:07.400Z' }, now)).toBe(7)
  expect(tookSeconds({ ...run, begun_at }, Date.parse('2026-11-26T19:31:00Z'))).toBe(60)
  expect(tookSeconds({ ...run, begun_at }, Date.parse('2026-11-26T19:29:59Z'))).toBe(0)
  expect(tookSeconds(run, now)).toBeUndefined()
  expect(tookSeconds({ ...run, begun_at, state: 'left' }, now)).toBeUndefined()
})
