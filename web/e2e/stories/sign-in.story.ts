// Signing in by password and by code, a wrong password, hidden balances, devices and signing out.
import { signIn } from '../support/app'
import { expect, fill, test } from '../support/story'

test('a customer signs in, hides the balances and signs out', async ({ page, app, people, picture }) => {
  const person = people.customers[0]!
  await page.goto('/limits')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await picture(page, 'app-sign-in')
  await page.getByLabel(app.identity.name, { exact: true }).fill(person.name_to_sign_in)
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(`${person.password}?`)
  await page.getByRole('button', { name: app.identity.signIn.submit, exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: app.identity.signIn.submit, exact: true }).click()
  await expect(page, 'back to where one wanted to go').toHaveURL(/^https?:\/\/[^/]+\/limits$/)

  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(fill(app.accounts.hello, { name: person.display_name }))
  const total = page.getByRole('region', { name: app.accounts.total })
  await expect(total).toContainText('¥')
  await expect(page.getByRole('link').filter({ hasText: /[+−]/ }).first(), 'recent movements').toBeVisible()
  await picture(page, 'app-home')
  await total.getByRole('button', { name: app.accounts.hide }).click()
  await expect(total).not.toContainText('¥')
  await page.reload()
  await expect(total, 'the wish is remembered').toContainText('••••••')
  await total.getByRole('button', { name: app.accounts.show }).click()

  await page.goto('/me')
  await page.getByRole('button', { name: app.customers.leave }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await page.goto('/')
  await expect(page, 'nothing is left').toHaveURL(/\/sign-in$/)
})

test('a customer signs in with a code and ends another session', async ({ page, browser, baseURL, app, people, desk, language }) => {
  const person = people.customers[1]!
  const other = await browser.newContext({ baseURL: baseURL ?? '', locale: language })
  const elsewhere = await other.newPage()
  await signIn(elsewhere, app, person)

  // A device the bank knows is counted by itself: stories in a row do not use up each other's codes.
  await signIn(page, app, person)
  await page.goto('/me')
  await page.getByRole('button', { name: app.customers.leave }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await page.getByText(app.identity.signIn.byCode, { exact: true }).click()
  await page.getByLabel(app.identity.phone, { exact: true }).fill(person.name_to_sign_in)
  await page.getByRole('button', { name: app.identity.code.send }).click()
  await expect(page.getByText(app.identity.code.sent)).toBeVisible()
  await page.getByLabel(app.identity.code.label, { exact: true }).fill(await desk.codeFor(person.name_to_sign_in))
  await page.getByRole('button', { name: app.identity.signIn.submit, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.display_name)

  await page.goto('/me/sessions')
  await expect(page.getByText(app.identity.sessions.current)).toHaveCount(1)
  const ends = page.getByRole('listitem').getByRole('button', { name: app.identity.sessions.end })
  for (let left = await ends.count(); left > 0; left -= 1) {
    await ends.first().click()
    await page.getByRole('dialog').getByRole('button', { name: app.identity.sessions.end }).click()
    await expect(ends).toHaveCount(left - 1)
  }
  await elsewhere.goto('/accounts')
  await expect(elsewhere, 'the other session is over').toHaveURL(/\/sign-in/)
  await other.close()
})
