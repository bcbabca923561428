// What the pages of accounts ask of the bank.
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { unwrap, type MovementQuery } from '@yuanhang/api'
import { ACCOUNTS_KEY, useApi } from '@yuanhang/session'

/** Movements asked for at once. */
const PAGE = 30

export function useAccount(id: Ref<string>) {
  const api = useApi()
  return useQuery({
    queryKey: computed(() => [...ACCOUNTS_KEY, id.value]),
    queryFn: () => unwrap(api.GET('/api/accounts/{id}', { params: { path: { id: id.value } } })),
  })
}

/** Movements of an account, newest first, page after page. */
export function useMovements(id: Ref<string>, filter: Ref<MovementQuery>) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: computed(() => [...ACCOUNTS_KEY, id.value, 'movements', filter.value]),
    enabled: computed(() => id.value !== ''),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/accounts/{id}/movements', {
        params: { path: { id: id.value }, query: { ...filter.value, cursor: pageParam, limit: PAGE } },
      })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

export function useMovement(id: string, transfer: string) {
  const api = useApi()
  return useQuery({
    queryKey: [...ACCOUNTS_KEY, id, 'movements', transfer],
    queryFn: () =>
      unwrap(api.GET('/api/accounts/{id}/movements/{transfer_id}', { params: { path: { id, transfer_id: transfer } } })),
  })
}

export function useAccountOpening() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (body: { id: string; currency: string; class: string; nickname?: string }) => unwrap(api.POST('/api/accounts', { body })),
    onSuccess: () => answers.invalidateQueries({ queryKey: ACCOUNTS_KEY }),
  })
}

export function useNickname(id: string) {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (nickname: string) => unwrap(api.PATCH('/api/accounts/{id}', { params: { path: { id } }, body: { nickname } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: ACCOUNTS_KEY }),
  })
}

export function useAccountClosing(id: string) {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/accounts/{id}/close', { params: { path: { id } } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: ACCOUNTS_KEY }),
  })
}

export function useReactivation(id: string) {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/accounts/{id}/reactivate', { params: { path: { id } } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: ACCOUNTS_KEY }),
  })
}

const personsKey = (id: string) => [...ACCOUNTS_KEY, id, 'persons']

export function usePersons(id: string) {
  const api = useApi()
  return useQuery({
    queryKey: personsKey(id),
    queryFn: async () => (await unwrap(api.GET('/api/accounts/{id}/authorized-persons', { params: { path: { id } } }))).persons,
  })
}

export function usePersonAdding(id: string) {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (body: { phone: string; name: string; right: 'see' | 'move' }) =>
      unwrap(api.POST('/api/accounts/{id}/authorized-persons', { params: { path: { id } }, body })),
    onSuccess: () => answers.invalidateQueries({ queryKey: personsKey(id) }),
  })
}

export function usePersonRemoving(id: string) {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (customer: string) =>
      unwrap(api.DELETE('/api/accounts/{id}/authorized-persons/{customer_id}', { params: { path: { id, customer_id: customer } } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: personsKey(id) }),
  })
}

/** Looks a receipt up by its code; asked only when told to. */
export function useReceiptCheck() {
  const api = useApi()
  return useMutation({
    mutationFn: (code: string) =>
      unwrap(api.GET('/api/accounts/receipt-checks/{verification_code}', { params: { path: { verification_code: code } } })),
  })
}
