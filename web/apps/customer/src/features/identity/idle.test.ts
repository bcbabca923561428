// Whoever leaves a tablet is noticed by its page.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useIdle } from './idle'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', new EventTarget())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const touch = () => document.dispatchEvent(new Event('pointerdown'))

test('counts down from the last touch, and not at all where nothing is set', async () => {
  const touched = vi.fn()
  const after = ref<number | undefined>(30)
  const scope = effectScope()
  const left = scope.run(() => useIdle(after, touched))!
  expect(left.value).toBe(30)
  vi.advanceTimersByTime(20_000)
  expect(left.value).toBe(10)
  touch()
  expect([left.value, touched.mock.calls.length]).toEqual([30, 1])
  vi.advanceTimersByTime(31_000)
  expect(left.value).toBe(0)
  touch()
  expect([left.value, touched.mock.calls.length], 'too late').toEqual([0, 1])

  after.value = undefined
  await nextTick()
  vi.advanceTimersByTime(60_000)
  expect(left.value).toBeUndefined()
  after.value = 5
  await nextTick()
  expect(left.value).toBe(5)
  scope.stop()
  vi.advanceTimersByTime(60_000)
  expect(left.value).toBe(5)
})
