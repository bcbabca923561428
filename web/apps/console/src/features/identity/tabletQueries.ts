// What the page of branch tablets asks of the bank.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'

const TABLETS_KEY = ['identity', 'tablets'] as const

/** All tablets; asked only where `allowed`. */
export function useTablets(allowed: Ref<boolean>) {
  return useQuery({
    queryKey: TABLETS_KEY,
    enabled: allowed,
    queryFn: async () => (await unwrap(bank.GET('/api/identity/console/tablets'))).tablets,
  })
}

/** Registers a tablet and gets its code. */
export function useAddTablet() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => unwrap(bank.POST('/api/identity/console/tablets', { body: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: TABLETS_KEY }),
  })
}

/** Removes a tablet; whoever is signed in on it is signed out. */
export function useRemoveTablet() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { device_id: id } }
      return unwrap(bank.DELETE('/api/identity/console/tablets/{device_id}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: TABLETS_KEY }),
  })
}
