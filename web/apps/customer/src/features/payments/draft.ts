// A transfer while it is being filled in: what is known, what is wrong with it, the order it becomes.
import { computed, reactive, type Ref } from 'vue'
import type { Account, Limits, Payee, PayeeCheck, TransferOrder } from '@yuanhang/api'
import { addAmounts, compareAmounts, isNegative, negate, parseAmount, type Money } from '@yuanhang/money'

/** To whom the money goes. */
export type Target = 'other' | 'payee' | 'own'

/** Everything a person fills in. */
export function newDraft() {
  return reactive({
    from: '',
    target: 'other' as Target,
    /** Account number or phone number of another customer. */
    address: '',
    name: '',
    payee: undefined as Payee | undefined,
    own: '',
    amount: '',
    memo: '',
  })
}
export type Draft = ReturnType<typeof newDraft>

/** An account number or a phone number, told apart by length: phones have 11 digits. */
export function addressOf(text: string): { account_number?: string; phone?: string } | undefined {
  const digits = text.replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(digits)) return { phone: digits }
  if (/^\d{12,19}$/.test(digits)) return { account_number: digits }
  return undefined
}

/** What may still leave today and this month, never below zero. */
export function leftOf(whole: Money, used: Money): Money {
  const left = addAmounts(whole, negate(used))
  return isNegative(left) ? { amount: '0', currency: left.currency } : left
}

/** Why an amount cannot leave an account, as a refusal code of the bank; nothing while it can. */
export function amountProblem(typed: string, account: Account | undefined, limits: Limits | undefined): { code: string; money?: Money } | undefined {
  if (!account) return undefined
  const { money, problem } = parseAmount(typed, account.currency)
  if (problem) return { code: problem }
  if (compareAmounts(money, account.available) > 0) return { code: 'insufficient_funds' }
  if (!limits) return undefined
  const bounds = [
    { code: 'limit_per_transfer', money: limits.per_transfer },
    { code: 'limit_per_day', money: limits.per_day && leftOf(limits.per_day, limits.used_day) },
    { code: 'limit_per_month', money: limits.per_month && leftOf(limits.per_month, limits.used_month) },
  ]
  for (const { code, money: most } of bounds) {
    if (most && compareAmounts(money, most) > 0) return { code, money: most }
  }
  return undefined
}

/** The draft with what follows from it. */
export function useDraftState(draft: Draft, accounts: Ref<Account[]>, limits: Ref<Limits | undefined>, check: Ref<PayeeCheck | undefined>) {
  const from = computed(() => accounts.value.find((account) => account.id === draft.from))
  const own = computed(() => accounts.value.find((account) => account.id === draft.own))
  const money = computed(() => (from.value ? parseAmount(draft.amount, from.value.currency).money : undefined))
  const problem = computed(() => amountProblem(draft.amount, from.value, limits.value))
  const toKnown = computed(() => {
    if (draft.target === 'own') return own.value !== undefined && own.value.id !== draft.from
    if (draft.target === 'payee') return draft.payee !== undefined
    return addressOf(draft.address) !== undefined && draft.name.trim() !== '' && check.value !== undefined && check.value.match !== 'no_match'
  })
  const ready = computed(() => Boolean(from.value && money.value && !problem.value && toKnown.value))
  function order(pin: string): TransferOrder | undefined {
    if (!ready.value || !money.value) return undefined
    const to = draft.target === 'own' ? { account_id: draft.own } : draft.target === 'payee' ? { payee_id: draft.payee?.id } : addressOf(draft.address)
    if (!to) return undefined
    const name = draft.target === 'other' ? { name: draft.name.trim() } : {}
    const memo = draft.memo.trim() ? { memo: draft.memo.trim() } : {}
    return { from_account: draft.from, to, ...name, amount: money.value, ...memo, pin }
  }
  return { from, own, money, problem, toKnown, ready, order }
}
