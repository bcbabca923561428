// What the privacy page asks of the bank: consents, a copy of one's data, and being erased.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { unwrap, type Api } from '@yuanhang/api'
import { useApi } from '@yuanhang/session'

const CONSENTS_KEY = ['consents'] as const
const ERASURE_KEY = ['erasure'] as const
/** Movements asked for at once. */
const PAGE = 100

/** The documents to which whoever signs up agrees, in the versions that hold. */
export function useDocuments() {
  const api = useApi()
  return useQuery({ queryKey: ['documents'], queryFn: async () => (await unwrap(api.GET('/api/customers/documents'))).documents })
}

export function useConsents() {
  const api = useApi()
  return useQuery({ queryKey: CONSENTS_KEY, queryFn: () => unwrap(api.GET('/api/customers/consents')) })
}

export function useConsentChange() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: ({ purpose, given }: { purpose: string; given: boolean }) =>
      unwrap(api.PUT('/api/customers/consents/{purpose}', { params: { path: { purpose } }, body: { given } })),
    onSettled: () => answers.invalidateQueries({ queryKey: CONSENTS_KEY }),
  })
}

export function useAgreement() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: ({ document, version }: { document: string; version: string }) =>
      unwrap(api.PUT('/api/customers/agreements/{document}', { params: { path: { document } }, body: { version } })),
    onSettled: () => answers.invalidateQueries({ queryKey: CONSENTS_KEY }),
  })
}

/** Whether one is to be erased, and asking for it or taking it back. */
export function useErasure() {
  const api = useApi()
  return useQuery({ queryKey: ERASURE_KEY, queryFn: () => unwrap(api.GET('/api/identity/erasure')) })
}

export function useErasureChange() {
  const api = useApi()
  const answers = useQueryClient()
  const onSettled = () => answers.invalidateQueries({ queryKey: ERASURE_KEY })
  return {
    ask: useMutation({ mutationFn: () => unwrap(api.POST('/api/identity/erasure')), onSettled }),
    withdraw: useMutation({ mutationFn: () => unwrap(api.DELETE('/api/identity/erasure')), onSettled }),
  }
}

/** Every movement of an account, the newest first. */
async function movementsOf(api: Api, id: string): Promise<unknown[]> {
  const all: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await unwrap(api.GET('/api/accounts/{id}/movements', { params: { path: { id }, query: { cursor, limit: PAGE } } }))
    all.push(...page.movements)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return all
}

/** Everything that the bank's own routes answer of the person, as the text of one JSON file. */
export function useDataCopy() {
  const api = useApi()
  return useMutation({
    mutationFn: async () => {
      const copy = await unwrap(api.POST('/api/identity/export'))
      const [{ accounts }, { payees }, consents] = await Promise.all([
        unwrap(api.GET('/api/accounts')), unwrap(api.GET('/api/payments/payees')), unwrap(api.GET('/api/customers/consents')),
      ])
      const movements: Record<string, unknown[]> = {}
      for (const { id } of accounts) movements[id] = await movementsOf(api, id)
      return JSON.stringify({ ...copy, ...consents, accounts, movements, payees }, null, 2)
    },
  })
}
