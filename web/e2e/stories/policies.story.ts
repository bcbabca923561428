// Administrators see who may do what, and try a change before it is made.
import { isFine } from '../support/axe'
import { expect, test } from '../support/story'

test('administrators see who may do what, and try a change', async ({ page, console: words, people }) => {
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  await page.goto('/console/policies')
  const table = page.getByRole('table', { name: words.policies.table, exact: true })
  const freeze = table.getByRole('row').filter({ hasText: 'console_freeze' })
  await expect(freeze.getByText(words.policies.extents.all, { exact: true })).toHaveCount(2)
  await expect(freeze.getByText(words.policies.extents.none, { exact: true })).toHaveCount(5)

  // A word that the schema does not know is named with its line.
  const text = page.getByLabel(words.policies.text, { exact: true })
  await page.getByText('customers.cedar', { exact: true }).click()
  const stands = await text.inputValue()
  await text.fill(stands.replace('own_money', 'own_mony'))
  await page.getByRole('button', { name: words.policies.try, exact: true }).click()
  await expect(page.getByRole('alert').getByText(/own_mony/).first()).toBeVisible()

  // A bank closes its mini-programs to transfers: the page says for whom that changes what.
  const forbid = `@id("own") @says("…") forbid (principal is Customer, action == Action::"payments_transfer", resource) when { context.channel == Channel::"mini_program" };`
  await text.fill(`${stands}\n${forbid}`)
  await page.getByRole('button', { name: words.policies.try, exact: true }).click()
  const changes = page.getByRole('table', { name: words.policies.changes, exact: true })
  const row = changes.getByRole('row').filter({ hasText: 'payments_transfer' })
  await expect(row.getByText(words.policies.becomes.denied, { exact: true })).toBeVisible()
  await expect(row.getByText(words.policies.channels.mini_program, { exact: true })).toBeVisible()
  // A color on its way is neither the one nor the other.
  await isFine(page)
})
