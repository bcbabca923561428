// Staff look at what runs by itself: the verification of the ledger, and when it is due.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../support/story'

test('staff see what the calendar makes the bank do', async ({ page, console: words, people }) => {
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  await page.goto('/console/jobs')
  const verification = page.getByRole('region', { name: words.jobs.names.ledger.verify, exact: true })
  await expect(verification.getByText('03:30')).toBeVisible()
  // A bank that was opened for this story owes nothing for the days before.
  await expect(verification.getByText(words.jobs.states.skipped, { exact: true })).toBeVisible()
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
})
