// Customers who are to be erased, at their request on paper.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'

const ERASURE_KEY = ['identity', 'erasure'] as const

/** Whether `customer` is to be erased; asked only where `allowed`. */
export function useErasure(customer: Ref<string>, allowed: Ref<boolean>) {
  return useQuery({
    queryKey: [...ERASURE_KEY, customer],
    enabled: allowed,
    queryFn: () => {
      const params = { path: { customer_id: customer.value } }
      return unwrap(bank.GET('/api/identity/console/erasures/{customer_id}', { params }))
    },
  })
}

/** Takes the request of `customer` on paper. */
export function useTakeErasure(customer: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => {
      const params = { path: { customer_id: customer.value } }
      return unwrap(bank.POST('/api/identity/console/erasures/{customer_id}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ERASURE_KEY }),
  })
}
