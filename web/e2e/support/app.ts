// Things every customer does in the app, as a person does them.
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import type appWords from '../../apps/customer/src/shell/words/zh-CN'
import type { Person } from './people'

export type Words = typeof appWords

/** Signs in with the password and arrives at home. */
export async function signIn(page: Page, app: Words, person: Person): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel(app.identity.name, { exact: true }).fill(person.name_to_sign_in)
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: app.identity.signIn.submit, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.display_name)
}

/** Types the PIN on the keys of the page's pad. */
export async function typePin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
}

/** Fills in a transfer to another customer up to its confirmation. */
export async function fillTransfer(page: Page, app: Words, to: Person, amount: string, memo: string): Promise<void> {
  await page.goto('/transfer')
  await page.getByLabel(app.payments.address, { exact: true }).fill(to.name_to_sign_in)
  await page.getByLabel(app.payments.payeeName, { exact: true }).fill(to.display_name)
  await page.getByLabel(app.payments.amount, { exact: true }).fill(amount)
  await page.getByLabel(app.payments.memoOptional, { exact: true }).fill(memo)
  await expect(page.getByText(app.payments.match.split(/[{：:]/)[0] ?? '')).toBeVisible()
}

/** Confirms the terms on the sheet and types the PIN. */
export async function confirm(page: Page, app: Words, pin: string): Promise<void> {
  await page.getByRole('button', { name: app.actions.next, exact: true }).click()
  await page.getByRole('button', { name: app.payments.confirmPay }).click()
  await typePin(page, pin)
}

export interface OwnAccount {
  id: string
  number: string
  currency: string
  right: string
  state: string
  available: { amount: string; currency: string }
}

/** The accounts of the person signed in to this browser. */
export async function accountsOf(request: APIRequestContext): Promise<OwnAccount[]> {
  const answer = await request.get('/api/accounts')
  expect(answer.ok(), await answer.text()).toBe(true)
  return ((await answer.json()) as { accounts: OwnAccount[] }).accounts
}

/** The account from which the transfer page pays unless told otherwise. */
export async function mainAccount(request: APIRequestContext): Promise<OwnAccount> {
  const account = (await accountsOf(request)).find(({ right, state, currency }) => right === 'own' && state === 'active' && currency === 'CNY')
  if (!account) throw new Error('no active account of one\'s own in yuan')
  return account
}
