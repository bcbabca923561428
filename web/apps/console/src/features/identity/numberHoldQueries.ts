// Whether the SIM of a customer's phone was changed of late, and lifting what is held because of it.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { bank } from '../../frame/bank'

const NUMBER_HOLD_KEY = ['identity', 'number-hold'] as const

/** Until when what comes to the customer's phone proves nothing; asked only where `allowed`. */
export function useNumberHold(customer: Ref<string>, allowed: Ref<boolean>) {
  return useQuery({
    queryKey: computed(() => [...NUMBER_HOLD_KEY, customer.value]),
    enabled: allowed,
    queryFn: async () => {
      const params = { path: { customer_id: customer.value } }
      return (await unwrap(bank.GET('/api/identity/console/customers/{customer_id}/number-hold', { params }))).until ?? null
    },
  })
}

/** The customer is here with their documents, and changed the SIM themselves. */
export function useLiftNumberHold(customer: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => {
      const params = { path: { customer_id: customer.value } }
      return unwrap(bank.DELETE('/api/identity/console/customers/{customer_id}/number-hold', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: NUMBER_HOLD_KEY }),
  })
}
