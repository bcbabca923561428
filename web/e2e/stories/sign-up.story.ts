// Somebody becomes a customer: phone, code, name, password, PIN, first account.
import { typePin } from '../support/app'
import { newcomer } from '../support/people'
import { expect, test } from '../support/story'

test('a newcomer signs up and opens an account', async ({ page, app, desk, picture }) => {
  const person = newcomer()
  await page.goto('/sign-in')
  await page.getByRole('link', { name: app.identity.signIn.open }).click()
  await page.getByLabel(app.identity.phone, { exact: true }).fill(person.phone)
  await page.getByRole('button', { name: app.identity.code.send }).click()
  await expect(page.getByText(app.identity.code.sent)).toBeVisible()
  await picture(page, 'app-sign-up')
  await page.getByLabel(app.identity.code.label, { exact: true }).fill(await desk.codeFor(person.phone))
  await page.getByRole('button', { name: app.actions.next, exact: true }).click()

  await page.getByLabel(app.identity.fullName, { exact: true }).fill(person.display_name)
  await page.getByLabel(app.identity.idNumber, { exact: true }).fill(person.id_number.slice(0, 17) + '?')
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  await page.getByLabel(app.identity.password.again, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: app.identity.signUp.submit, exact: true }).click()
  await expect(page.getByText(app.identity.problems.idNumber)).toBeVisible()
  await expect(page.getByText(app.identity.signUp.fresh)).toBeVisible()
  const opened = page.waitForEvent('popup')
  await page.getByRole('link', { name: app.customers.documents.privacy.title }).click()
  const document = await opened
  await expect(document.getByText(app.customers.documents.sample)).toBeVisible()
  await document.close()
  await page.getByRole('checkbox').check()
  await page.getByLabel(app.identity.idNumber, { exact: true }).fill(person.id_number)
  await page.getByRole('button', { name: app.identity.signUp.submit, exact: true }).click()

  await expect(page.getByRole('heading', { name: app.identity.welcome.pinTitle })).toBeVisible()
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: app.actions.next, exact: true }).click()
  await typePin(page, '123456')
  await expect(page.getByText(app.identity.pin.easy)).toBeVisible()
  await typePin(page, person.pin)
  await expect(page.getByText(app.identity.pin.second).first()).toBeVisible()
  await typePin(page, person.pin)

  await expect(page.getByRole('heading', { name: app.identity.welcome.accountTitle })).toBeVisible()
  await page.getByRole('button', { name: app.identity.welcome.open }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.display_name)
  await expect(page.getByRole('link').filter({ hasText: '¥0.00' })).toHaveCount(1)
})
