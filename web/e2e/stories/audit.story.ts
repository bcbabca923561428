// Administrators search the record of who did what, and take a proof out of it.
import { isFine } from '../support/axe'
import { expect, test } from '../support/story'

test('administrators see who did what, and prove it', async ({ page, console: words, people }) => {
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  // What was looked at here is in the record right away.
  await page.goto('/console/ledger')
  await expect(page.getByRole('heading', { level: 1, name: words.ledger.title, exact: true })).toBeVisible()
  await page.goto('/console/audit')
  const looks = page.getByRole('radiogroup', { name: words.audit.filter.kind, exact: true })
  await looks.getByText(words.audit.filter.kinds.looks, { exact: true }).click()
  const status = page.getByRole('row').filter({ hasText: '/api/ledger/console/status' }).first()
  await expect(status.getByText(words.audit.done, { exact: true })).toBeVisible()
  await expect(status.getByText(words.audit.methods.GET, { exact: false }).first()).toBeVisible()
  // A color on its way is neither the one nor the other.
  await isFine(page)
})
