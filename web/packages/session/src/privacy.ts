// Whether amounts are hidden from whoever looks over a shoulder; remembered on the device.
import { ref, watch } from 'vue'

const REMEMBERED = 'yuanhang.amounts-hidden'
const hidden = ref(localStorage.getItem(REMEMBERED) === 'yes')
watch(hidden, (now) => localStorage.setItem(REMEMBERED, now ? 'yes' : 'no'))

/** The wish, shared by all pages. */
export function useHiddenAmounts() {
  return hidden
}
