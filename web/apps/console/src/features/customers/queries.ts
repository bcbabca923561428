// Customers as staff may see them.
import { unwrap } from '@yuanhang/api'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { bank } from '../../frame/bank'
import type { Reason } from '../../frame/unmask'

/** Customers that match exactly: phone, ID number, customer id or full name. Asks nothing for an empty query. */
export function useCustomerSearch(query: Ref<string>) {
  return useQuery({
    queryKey: ['customers', 'search', query],
    enabled: computed(() => query.value !== ''),
    queryFn: async () => {
      // The description calls it a part of the path; the bank reads it from the query.
      const params = { query: { query: query.value } } as never
      return (await unwrap(bank.GET('/api/customers/console/search', { params }))).customers
    },
  })
}

/** One customer. */
export function useCustomer(id: Ref<string>) {
  return useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () => unwrap(bank.GET('/api/customers/console/{id}', { params: { path: { id: id.value } } })),
  })
}

/** One field of a customer, whole; the look is recorded with its reason. */
export async function showField(id: string, field: string, reason: Reason): Promise<string> {
  const body = { field, ...reason }
  const params = { path: { id } }
  return (await unwrap(bank.POST('/api/customers/console/{id}/unmask', { params, body }))).value
}
