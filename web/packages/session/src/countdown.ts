// The time that is left until an instant of the bank, told every second.
import { computed, onUnmounted, ref, type Ref } from 'vue'
import { bankNow } from '@yuanhang/api'

/** `2:59` between two instants, never below `0:00`; empty where the first is none. */
export function timeLeft(until: string, nowMs: number): string {
  const end = Date.parse(until)
  if (!Number.isFinite(end)) return ''
  const seconds = Math.max(0, Math.ceil((end - nowMs) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Whether an instant of the bank is past; false where it is none. */
export function useWaited(until: Ref<string>): Ref<boolean> {
  const left = useCountdown(until)
  return computed(() => left.value === '0:00')
}

/** What is left, in the set-up of a component that shows it. */
export function useCountdown(until: Ref<string>): Ref<string> {
  const now = ref(bankNow())
  const timer = setInterval(() => (now.value = bankNow()), 1000)
  onUnmounted(() => clearInterval(timer))
  return computed(() => timeLeft(until.value, now.value))
}
