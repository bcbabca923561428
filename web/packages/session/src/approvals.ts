// Approvals as everybody may know them: how one stands, and which one the app is to show. Whoever orders something
// knows no more; what an approval is about and how it is signed belongs to identity.
import { computed, ref, type Ref } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { isRefusal, unwrap, type Api } from '@yuanhang/api'
import { useApi } from './door'

/** The name under which the approvals that wait are kept among the server's answers. */
export const APPROVALS_KEY = ['approvals'] as const
/** The name of one of them. */
export const approvalKey = (id: string) => [...APPROVALS_KEY, id] as const

const FOLLOW_MS = 1_000

/** Follows an approval while it waits, also behind other windows: it waits for three minutes at most. */
export function useApproval(id: Ref<string>) {
  const api = useApi()
  return useQuery({
    queryKey: computed(() => approvalKey(id.value)),
    enabled: computed(() => id.value !== ''),
    queryFn: () => unwrap(api.GET('/api/identity/approvals/{id}', { params: { path: { id: id.value } } })),
    staleTime: 0,
    refetchInterval: ({ state: { data, error } }) => {
      const refused = isRefusal(error) && !error.unclear
      return refused || (data && data.state !== 'waiting') ? false : FOLLOW_MS
    },
    refetchIntervalInBackground: true,
  })
}

/** Says no to what waits for approval, or takes back what one has asked for. */
export function refuseApproval(api: Api, id: string) {
  return unwrap(api.POST('/api/identity/approvals/{id}/refuse', { params: { path: { id } } }))
}

const shown = ref('')

/** The id of the approval that the app shows above every page; empty while it shows none. */
export function useShownApproval() {
  return shown
}
