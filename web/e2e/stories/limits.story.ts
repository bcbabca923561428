// Limits hold: told while typing, and refused by the bank when they changed meanwhile.
import { confirm, fillTransfer, mainAccount, signIn, typePin } from '../support/app'
import { expect, test } from '../support/story'

test('a transfer over the limit is refused', async ({ page, app, people, program, language, picture }) => {
  const [payer, payee] = people.customers as [typeof people.customers[0], typeof people.customers[0]]
  await signIn(page, app, payer)
  const own = await program(payer)
  const account = await mainAccount(own)
  const limits = await (await own.get('/api/payments/limits', { params: { account: account.id } })).json()
  const cny = (amount: string) => ({ amount, currency: 'CNY' })
  async function set(perTransfer: { amount: string; currency: string }): Promise<void> {
    const body = { account: account.id, per_transfer: perTransfer, per_day: limits.per_day ?? limits.ceiling.per_day, per_month: limits.per_month ?? limits.ceiling.per_month, pin: payer.pin }
    const answer = await own.put('/api/payments/limits', { data: body })
    expect(answer.ok(), await answer.text()).toBe(true)
  }

  await page.goto(`/limits?account=${account.id}`)
  await expect(page.getByRole('progressbar')).toHaveCount(2)
  await page.getByRole('button', { name: app.payments.limits.edit }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel(app.payments.limits.per_transfer, { exact: true }).fill('100')
  await sheet.getByRole('button', { name: app.actions.next, exact: true }).click()
  await typePin(page, payer.pin)
  await expect(page.getByText(app.payments.limits.changed)).toBeVisible()
  await picture(page, 'app-limits')

  await fillTransfer(page, app, payee, '100.01', '')
  await expect(page.getByText(app.refusals.limit_per_transfer)).toBeVisible()
  await expect(page.getByRole('button', { name: app.actions.next, exact: true })).toBeDisabled()
  await expect(page.getByRole('link', { name: app.payments.changeLimits })).toBeVisible()
  await picture(page, 'app-limit-refused')

  // The limit falls elsewhere while the amount already stands here: the bank has the last word.
  await page.getByLabel(app.payments.amount, { exact: true }).fill('80')
  await set(cny('50.00'))
  await confirm(page, app, payer.pin)
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(language === 'en' ? /limit/i : /限额/)
  expect((await mainAccount(own)).available, 'nothing moved').toEqual(account.available)
  await set(limits.per_transfer ?? limits.ceiling.per_transfer)
})
