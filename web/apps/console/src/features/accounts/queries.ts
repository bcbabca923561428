// Accounts, movements and states as staff may see and change them.
import { unwrap } from '@yuanhang/api'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { bank } from '../../frame/bank'
import type { Account, MovementFilter, Movements, StateChange } from './wire'

const ROWS_PER_PAGE = 25

/** The account of a full number; asks nothing for an empty query. */
export function useAccountSearch(query: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'search', query],
    enabled: computed(() => query.value !== ''),
    queryFn: async (): Promise<Account[]> => {
      const params = { query: { query: query.value } }
      const answer = await unwrap<{ accounts: Account[] }>(
        bank.GET('/api/accounts/console/search', { params: params as never }) as never,
      )
      return answer.accounts
    },
  })
}

/** Accounts a customer owns or was granted. */
export function useAccountsOf(customer: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'of', customer],
    queryFn: async (): Promise<Account[]> => {
      const params = { path: { customer_id: customer.value } }
      const answer = await unwrap<{ accounts: Account[] }>(
        bank.GET('/api/accounts/console/of-customer/{customer_id}', { params: params as never }) as never,
      )
      return answer.accounts
    },
  })
}

/** One account with its limits. */
export function useAccount(id: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'one', id],
    queryFn: async (): Promise<Account> => {
      const answer = await unwrap<{ account: Account }>(
        bank.GET('/api/accounts/console/{id}', { params: { path: { id: id.value } } as never }) as never,
      )
      return answer.account
    },
  })
}

/** One page of movements, newest first; `cursor` is where the page starts, empty for the newest. */
export function useMovements(id: Ref<string>, filter: Ref<MovementFilter>, cursor: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'movements', id, filter, cursor],
    placeholderData: keepPreviousData,
    queryFn: () => {
      const asked = { ...filter.value, cursor: cursor.value }
      const query: Record<string, unknown> = { limit: ROWS_PER_PAGE }
      for (const [name, value] of Object.entries(asked)) if (value !== '') query[name] = value
      const params = { path: { id: id.value }, query }
      return unwrap<Movements>(bank.GET('/api/accounts/console/{id}/movements', { params: params as never }))
    },
  })
}

/** Every change of the state of an account. */
export function useStateChanges(id: Ref<string>) {
  return useQuery({
    queryKey: ['accounts', 'state-changes', id],
    queryFn: () =>
      unwrap<StateChange[]>(
        bank.GET('/api/accounts/console/{id}/state-changes', { params: { path: { id: id.value } } as never }) as never,
      ),
  })
}

/** Freezes or unfreezes an account. */
export function useSetFrozen(id: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ frozen, reason }: { frozen: boolean; reason: string }) => {
      const request = { params: { path: { id: id.value } } as never, body: { reason } }
      return unwrap<Account>(
        (frozen
          ? bank.POST('/api/accounts/console/{id}/freeze', request)
          : bank.POST('/api/accounts/console/{id}/unfreeze', request)) as never,
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['accounts'] }),
  })
}
