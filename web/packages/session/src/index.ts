// Who is signed in, what they hold, and how the pages ask the bank.
export { useDemonstration } from './about'
export { provideApi, useApi } from './door'
export { ACCOUNTS_KEY, accountName, mainAccount, useAccounts } from './holdings'
export { useHiddenAmounts } from './privacy'
export { useReceipt } from './receipts'
export { useRefusalWords } from './refusals'
export { SESSION_KEY, fetchSession, useSession, useSignOut } from './session'
