// Accounts, movements and states as staff may see and change them.
import { unwrap } from '@yuanhang/api'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { bank } from '../../frame/bank'
import type { Reason } from '../../frame/unmask'
import type { MovementFilter, Movements } from './wire'

const ROWS_PER_PAGE = 25

/** The account of a full number or an id; asks nothing for an empty query. */
export function useAccountSearch(query: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'search', query],
    enabled: computed(() => query.value !== ''),
    queryFn: async () => {
      const params = { query: { query: query.value } }
      return (await unwrap(bank.GET('/api/accounts/console/search', { params }))).accounts
    },
  })
}

/** Accounts a customer owns or was granted. */
export function useAccountsOf(customer: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'of', customer],
    queryFn: async () => {
      const params = { path: { customer_id: customer.value } }
      return (await unwrap(bank.GET('/api/accounts/console/of-customer/{customer_id}', { params }))).accounts
    },
  })
}

/** One account with its limits. */
export function useAccount(id: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'one', id],
    queryFn: async () => {
      const params = { path: { id: id.value } }
      return (await unwrap(bank.GET('/api/accounts/console/{id}', { params }))).account
    },
  })
}

/** One page of movements, newest first; `cursor` is where the page starts, empty for the newest. */
export function useMovements(id: Ref<string>, filter: Ref<MovementFilter>, cursor: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'movements', id, filter, cursor],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const asked = Object.entries({ ...filter.value, cursor: cursor.value }).filter(([, value]) => value !== '')
      const params = { path: { id: id.value }, query: { limit: ROWS_PER_PAGE, ...Object.fromEntries(asked) } }
      return (await unwrap(bank.GET('/api/accounts/console/{id}/movements', { params }))) as Movements
    },
  })
}

/** Every change of the state of an account, newest first. */
export function useStateChanges(id: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'state-changes', id],
    queryFn: () => unwrap(bank.GET('/api/accounts/console/{id}/state-changes', { params: { path: { id: id.value } } })),
  })
}

/** Freezes or unfreezes an account. */
export function useSetFrozen(id: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ frozen, reason }: { frozen: boolean; reason: string }) => {
      const request = { params: { path: { id: id.value } }, body: { reason } }
      return unwrap(
        frozen
          ? bank.POST('/api/accounts/console/{id}/freeze', request)
          : bank.POST('/api/accounts/console/{id}/unfreeze', request),
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['accounts'] }),
  })
}

/** The number of an account, whole; the look is recorded with its reason. */
export async function showNumber(id: string, reason: Reason): Promise<string> {
  const body = { field: 'account_number', ...reason }
  const params = { path: { id } }
  return (await unwrap(bank.POST('/api/accounts/console/{id}/unmask', { params, body }))).value
}

/** One field of a movement, whole; the look is recorded with its reason. */
export async function showOfMovement(id: string, transfer: string, field: string, reason: Reason): Promise<string> {
  const body = { field, ...reason }
  const params = { path: { id, transfer_id: transfer } }
  return (await unwrap(bank.POST('/api/accounts/console/{id}/movements/{transfer_id}/unmask', { params, body }))).value
}
