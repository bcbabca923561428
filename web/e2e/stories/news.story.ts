// Staff look at the news between services: each answers, nothing is set aside.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../support/story'

test('staff see how news is getting on', async ({ page, console: words, people }) => {
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  await page.goto('/console/news')
  const services = page.getByRole('region', { name: words.news.services, exact: true })
  for (const name of ['payments', 'accounts', 'customers', 'identity'] as const) {
    const row = services.getByRole('row').filter({ hasText: words.news.names[name] })
    await expect(row.getByText(words.news.states.good, { exact: true })).toBeVisible()
  }
  await expect(page.getByText(words.news.none, { exact: true })).toBeVisible()
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
})
