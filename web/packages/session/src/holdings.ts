// The accounts of the person who is signed in; several features start from them.
import { useQuery } from '@tanstack/vue-query'
import { unwrap, type Account } from '@yuanhang/api'
import { useApi } from './door'

/** The name under which the accounts are kept among the server's answers. */
export const ACCOUNTS_KEY = ['accounts'] as const

/** All accounts a person may see, with totals. */
export function useAccounts() {
  const api = useApi()
  return useQuery({ queryKey: ACCOUNTS_KEY, queryFn: () => unwrap(api.GET('/api/accounts')) })
}

/** The account pages start from: an own one in yuan where there is one. */
export function mainAccount(accounts: readonly Account[]): Account | undefined {
  const own = accounts.filter((account) => account.right === 'own')
  return own.find((account) => account.currency === 'CNY') ?? own[0] ?? accounts[0]
}

/** What an account is called in lists: its nickname, or else the given word with its last four digits. */
export function accountName(account: Account, word: string): string {
  return account.nickname || `${word} ${account.number_masked.slice(-4)}`
}
