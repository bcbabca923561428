// Money moves once: the terms, the PIN, the receipt, its public verification, and a lost answer.
import { confirm, fillTransfer, mainAccount, signIn } from '../support/app'
import { expect, test } from '../support/story'

/** A memo nobody else writes, so that the story finds its own movement. */
const memoOf = (language: string) => `${language === 'en' ? 'Dinner' : '聚餐'} ${Date.now().toString(36)}`

test('a customer pays another, and anybody can verify the receipt', async ({ page, browser, baseURL, language, app, people, program, picture }) => {
  const [payer, payee] = people.customers as [typeof people.customers[0], typeof people.customers[0]]
  const memo = memoOf(language)
  await signIn(page, app, payer)
  const own = await program(payer)
  const before = await mainAccount(own)
  await fillTransfer(page, app, payee, '12.34', memo)
  await page.getByRole('button', { name: app.actions.next, exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('¥12.34')
  await expect(sheet).toContainText('人民币壹拾贰元叁角肆分')
  await expect(sheet).toContainText(memo)
  await picture(page, 'app-transfer-confirm')
  await page.getByRole('button', { name: app.payments.confirmPay }).click()
  for (const digit of '864209') await page.getByRole('button', { name: digit, exact: true }).click()
  await expect(sheet.getByRole('alert'), 'a wrong PIN moves nothing').toBeVisible()
  expect((await mainAccount(own)).available).toEqual(before.available)
  for (const digit of payer.pin) await page.getByRole('button', { name: digit, exact: true }).click()
  await expect(page.getByRole('heading', { name: app.payments.result.done })).toBeVisible()
  const code = (await page.getByText(/^\w{4}(-\w{4}){3}$/).textContent()) ?? ''
  await picture(page, 'app-transfer-done')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: app.payments.result.receipt }).click()])
  expect(download.suggestedFilename()).toMatch(/\.pdf$/)

  await page.goto(`/accounts/${before.id}`)
  await page.getByPlaceholder(app.accounts.filter.text).fill(memo)
  const found = page.getByRole('link').filter({ hasText: memo })
  await expect(found).toHaveCount(1)
  await expect(found).toContainText('−¥12.34')
  await found.click()
  await expect(page.getByText(code)).toBeVisible()
  await picture(page, 'app-movement')

  const stranger = await browser.newContext({ baseURL: baseURL ?? '', locale: language })
  const desk = await stranger.newPage()
  await desk.goto('/verify')
  await desk.getByLabel(app.accounts.receipt.code, { exact: true }).fill(code)
  await desk.getByRole('button', { name: app.accounts.verify.submit, exact: true }).click()
  await expect(desk.getByText(app.accounts.verify.good)).toBeVisible()
  await expect(desk.getByText('¥12.34')).toBeVisible()
  await expect(desk.getByText(payer.display_name), 'names are masked').toHaveCount(0)
  await desk.getByLabel(app.accounts.receipt.code, { exact: true }).fill('AAAA-AAAA-AAAA-AAAA')
  await desk.getByRole('button', { name: app.accounts.verify.submit, exact: true }).click()
  await expect(desk.getByText(app.accounts.verify.bad)).toBeVisible()
  await stranger.close()
})

test('a lost answer is asked for again and nothing is paid twice', async ({ page, app, people, program, language }) => {
  const [payer, payee] = people.customers as [typeof people.customers[0], typeof people.customers[0]]
  const memo = memoOf(language)
  await signIn(page, app, payer)
  const own = await program(payer)
  const account = await mainAccount(own)
  const keys: string[] = []
  // The first two orders reach the bank, but their answers do not come back.
  await page.route('**/api/payments/transfers', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '')
    const answer = await route.fetch()
    if (keys.length <= 2) await route.abort('connectionreset')
    else await route.fulfill({ response: answer })
  })
  await fillTransfer(page, app, payee, '1.01', memo)
  await confirm(page, app, payer.pin)
  await expect(page.getByText(app.payments.confirming)).toBeVisible()
  await expect(page.getByRole('heading', { name: app.payments.result.done })).toBeVisible()
  expect(keys.length).toBe(3)
  expect(new Set(keys).size, 'one key for one transfer').toBe(1)
  await page.goto(`/accounts/${account.id}`)
  await page.getByPlaceholder(app.accounts.filter.text).fill(memo)
  await expect(page.getByRole('link').filter({ hasText: memo })).toHaveCount(1)
})
