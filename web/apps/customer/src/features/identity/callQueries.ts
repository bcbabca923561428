// What the card about calls asks of the bank.
import { computed, type Ref } from 'vue'
import { unwrap } from '@yuanhang/api'
import { useApi, useSession } from '@yuanhang/session'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'

const CALLS_KEY = ['calls'] as const

/** Calls that ask in the person's name, the oldest first; asked for anew `every` so many milliseconds while the page is seen. */
export function useCalls(every: Ref<number | false>) {
  const api = useApi()
  const session = useSession()
  return useQuery({
    queryKey: CALLS_KEY,
    // For the person's own phone: on a tablet that others use next, what asks by itself would keep them signed in.
    enabled: computed(() => Boolean(session.data.value) && session.data.value?.channel !== 'branch'),
    queryFn: async () => (await unwrap(api.GET('/api/identity/calls'))).calls,
    refetchInterval: every,
  })
}

/** Says yes, with the number that is read out in the call, or no. */
export function useCallDecision() {
  const api = useApi()
  const answers = useQueryClient()
  const onSettled = () => answers.invalidateQueries({ queryKey: CALLS_KEY })
  const approve = useMutation({
    mutationFn: ({ id, number }: { id: string; number: number }) =>
      unwrap(api.POST('/api/identity/calls/{id}/approval', { params: { path: { id } }, body: { number } })),
    onSettled,
  })
  const refuse = useMutation({
    mutationFn: (id: string) => unwrap(api.POST('/api/identity/calls/{id}/refusal', { params: { path: { id } } })),
    onSettled,
  })
  return { approve, refuse }
}
