// Staff have one field of a customer shown whole: with a purpose and a case, for a minute, and on record.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, fill, test } from '../support/story'

test('a masked field is shown whole for a reason, and hidden again', async ({ page, console: words, people, picture }) => {
  const customer = people.customers[0]
  if (!customer) throw new Error('no customer')
  const phone = customer.name_to_sign_in
  await page.clock.install()
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await page.getByLabel(words.customers.search.label, { exact: true }).fill(phone)
  await page.getByRole('button', { name: words.customers.search.submit, exact: true }).click()
  await page.locator('a.goto[href*="/customers/"]').first().click()

  const masked = `${phone.slice(0, 3)}****${phone.slice(-4)}`
  await expect(page.getByText(masked, { exact: true })).toBeVisible()
  const unmask = words.frame.unmask
  const field = words.customers.field.phone
  await page.getByRole('button', { name: fill(unmask.showWhat, { what: field }), exact: true }).click()
  const sheet = page.getByRole('dialog', { name: fill(unmask.title, { what: field }), exact: true })
  await sheet.getByRole('button', { name: unmask.confirm, exact: true }).click()
  await expect(sheet.getByText(unmask.purposeMissing, { exact: true })).toBeVisible()
  await expect(sheet.getByText(unmask.referenceWrong, { exact: true })).toBeVisible()
  await sheet.getByRole('radio', { name: unmask.purposes.complaint, exact: true }).check()
  await sheet.getByLabel(unmask.reference, { exact: true }).fill(phone)
  await expect(sheet.getByText(unmask.referenceWrong, { exact: true })).toBeVisible()
  const reference = `CASE-${Date.now().toString(36)}`
  await sheet.getByLabel(unmask.reference, { exact: true }).fill(reference)
  await picture(page, 'console-unmask')
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))))
  const found = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  await sheet.getByRole('button', { name: unmask.confirm, exact: true }).click()

  await expect(page.getByText(phone, { exact: true })).toBeVisible()
  await page.clock.runFor(61_000)
  await expect(page.getByText(masked, { exact: true })).toBeVisible()
  await expect(page.getByText(phone, { exact: true })).toHaveCount(0)

  await page.goto('/console/audit')
  const kinds = page.getByRole('radiogroup', { name: words.audit.filter.kind, exact: true })
  await kinds.getByText(words.audit.filter.kinds.unmasked, { exact: true }).click()
  const said = fill(words.audit.unmasked, { field: unmask.fields.phone, purpose: unmask.purposes.complaint, reference })
  await expect(page.getByText(said, { exact: true })).toBeVisible()
  await picture(page, 'console-unmasked')
})
