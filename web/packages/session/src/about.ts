// Whether this bank's books are generated, as the bank itself says.
import { onMounted, ref, type Ref } from 'vue'

/** False until the bank has said otherwise; a bank that cannot be asked is taken for a real one. */
export function useDemonstration(): Ref<boolean> {
  const demonstration = ref(false)
  onMounted(async () => {
    try {
      const answer = await fetch('/api/about')
      demonstration.value = answer.ok && ((await answer.json()) as { demonstration?: boolean }).demonstration === true
    } catch {
      demonstration.value = false
    }
  })
  return demonstration
}
