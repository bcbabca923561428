// Nobody is taken to be there for long after the last touch.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { usePresence } from './presence'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', new EventTarget())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('whoever touches nothing is away, until the next touch', () => {
  const scope = effectScope()
  const present = scope.run(() => usePresence())!
  vi.advanceTimersByTime(9 * 60_000)
  document.dispatchEvent(new Event('keydown'))
  vi.advanceTimersByTime(9 * 60_000)
  expect(present.value, 'counted from the last touch').toBe(true)
  vi.advanceTimersByTime(2 * 60_000)
  expect(present.value).toBe(false)
  document.dispatchEvent(new Event('pointerdown'))
  expect(present.value).toBe(true)
  scope.stop()
  vi.advanceTimersByTime(60 * 60_000)
  expect(present.value, 'nothing is counted where nobody looks').toBe(true)
})
