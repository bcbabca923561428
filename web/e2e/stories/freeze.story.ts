// Staff freeze an account in the console, with a reason; its owner sees it at once and cannot pay.
import { accountsOf, mainAccount, signIn } from '../support/app'
import { expect, test } from '../support/story'

test('staff freeze an account and lift the freeze', async ({ page, browser, baseURL, language, app, console: words, people, desk, program, picture }) => {
  const owner = people.customers[1]!
  await signIn(page, app, owner)
  const own = await program(owner)
  const account = await mainAccount(own)

  // The console is made for desks.
  const office = await browser.newContext({ baseURL: baseURL ?? '', locale: language, viewport: { width: 1280, height: 860 } })
  const staff = await office.newPage()
  await staff.goto('/console/sign-in')
  await staff.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await staff.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await staff.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await staff.getByLabel(words.customers.search.label, { exact: true }).fill(account.number)
  await staff.getByRole('button', { name: words.customers.search.submit, exact: true }).click()
  await staff.goto(`/console/accounts/${account.id}`)
  await staff.getByRole('button', { name: words.accounts.freeze.freeze, exact: true }).click()
  const dialog = staff.getByRole('dialog')
  const ticket = Date.now().toString(36)
  const reason = language === 'en' ? `The owner reported a stolen phone, ticket ${ticket}.` : `客户来电报失手机，申请临时冻结，工单 ${ticket}。`
  await dialog.getByRole('textbox', { name: words.accounts.freeze.reason }).fill(reason)
  await dialog.getByText(words.accounts.freeze.checked).click()
  await picture(staff, 'console-freeze')
  await dialog.getByRole('button', { name: words.accounts.freeze.confirmFreeze, exact: true }).click()
  await expect(dialog.getByText(words.accounts.freeze.frozen)).toBeVisible()
  await dialog.getByRole('button', { name: words.accounts.freeze.done, exact: true }).click()
  await expect(staff.getByText(reason, { exact: true }), 'the reason is in the history of the account').toBeVisible()
  await picture(staff, 'console-account')

  await page.goto(`/accounts/${account.id}`)
  await expect(page.getByText(app.accounts.frozenText)).toBeVisible()
  await picture(page, 'app-frozen')
  expect((await accountsOf(own)).find(({ id }) => id === account.id)?.state).toBe('frozen')
  await desk.unfreeze(account.id)
  await page.reload()
  await expect(page.getByText(app.accounts.frozenText)).toHaveCount(0)

  await staff.goto('/console/ledger')
  await expect(staff.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(staff.getByText(/[0-9a-f]{16}/).first()).toBeVisible()
  await staff.getByRole('button', { name: words.ledger.verify.run, exact: true }).click()
  await expect(staff.getByText(words.ledger.verify.passed, { exact: true })).toBeVisible()
  await picture(staff, 'console-ledger')
  await office.close()
})
