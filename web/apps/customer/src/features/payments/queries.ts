// What the pages of payments ask of the bank.
import { computed, type Ref } from 'vue'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { unwrap, type Api, type TransferOrder } from '@yuanhang/api'
import type { Money } from '@yuanhang/money'
import { ACCOUNTS_KEY, useApi } from '@yuanhang/session'

const LIMITS_KEY = ['limits'] as const
const PAYEES_KEY = ['payees'] as const

export function useLimits(account: Ref<string>) {
  const api = useApi()
  return useQuery({
    queryKey: computed(() => [...LIMITS_KEY, account.value]),
    enabled: computed(() => account.value !== ''),
    queryFn: () => unwrap(api.GET('/api/payments/limits', { params: { query: { account: account.value } } })),
  })
}

export function useLimitsChange() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (body: { account: string; per_transfer: Money; per_day: Money; per_month: Money; pin: string }) =>
      unwrap(api.PUT('/api/payments/limits', { body })),
    onSuccess: () => answers.invalidateQueries({ queryKey: LIMITS_KEY }),
  })
}

export function usePayees() {
  const api = useApi()
  return useQuery({ queryKey: PAYEES_KEY, queryFn: async () => (await unwrap(api.GET('/api/payments/payees'))).payees })
}

export function usePayeeSaving() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (body: { name: string; account_number?: string; phone?: string; nickname?: string }) => unwrap(api.POST('/api/payments/payees', { body })),
    onSuccess: () => answers.invalidateQueries({ queryKey: PAYEES_KEY }),
  })
}

export function usePayeeRemoving() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/payments/payees/{id}', { params: { path: { id } } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: PAYEES_KEY }),
  })
}

/** Asks whether a name belongs to an account. */
export function usePayeeCheck() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: { account_number?: string; phone?: string; name: string; currency: string }) => unwrap(api.POST('/api/payments/payee-checks', { body })),
  })
}

/** Sends an order under its key; the same key never moves money twice. */
export function sendTransfer(api: Api, key: string, body: TransferOrder) {
  return unwrap(api.POST('/api/payments/transfers', { body, params: { header: { 'Idempotency-Key': key } } }))
}

/** What is no longer true once money has moved. */
export function useMoneyMoved() {
  const answers = useQueryClient()
  return () => {
    for (const queryKey of [ACCOUNTS_KEY, LIMITS_KEY, PAYEES_KEY]) void answers.invalidateQueries({ queryKey })
  }
}
