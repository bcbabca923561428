// Customers as staff may see them.
import { unwrap } from '@yuanhang/api'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { bank } from '../../frame/bank'
import type { Customer, CustomerFound } from './wire'

/** Customers that match exactly: phone, ID number, customer id or full name. Asks nothing for an empty query. */
export function useCustomerSearch(query: Ref<string>) {
  return useQuery({
    queryKey: ['customers', 'search', query],
    enabled: computed(() => query.value !== ''),
    queryFn: async (): Promise<CustomerFound[]> => {
      const params = { query: { query: query.value } }
      const answer = await unwrap<{ customers: CustomerFound[] }>(bank.GET('/api/customers/console/search', { params: params as never }))
      return answer.customers
    },
  })
}

/** One customer. */
export function useCustomer(id: Ref<string>) {
  return useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () =>
      unwrap<Customer>(
        bank.GET('/api/customers/console/{id}', { params: { path: { id: id.value } } as never }) as never,
      ),
  })
}
