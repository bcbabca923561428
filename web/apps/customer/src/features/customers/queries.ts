// What the pages of customers ask of the bank.
import { useQuery } from '@tanstack/vue-query'
import { unwrap } from '@yuanhang/api'
import { useApi } from '@yuanhang/session'

/** What the bank knows of the person who is signed in, masked where it is personal. */
export function useMe() {
  const api = useApi()
  return useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/api/customers/me')) })
}
