// A passkey: added after a proof, used to sign in without a password, shown in the history, and removed.
import { isFine } from '../support/axe'
import { signIn } from '../support/app'
import { keepPasskeys } from '../support/authenticator'
import { expect, test } from '../support/story'

test('a customer adds a passkey, signs in with it and removes it', async ({ page, app, people, picture }) => {
  const person = people.customers[2]!
  const keeper = await keepPasskeys(page)
  await signIn(page, app, person)
  await page.goto('/me')
  await page.getByText(app.customers.center).click()
  await expect(page.getByText(app.identity.security.advice.passkey)).toBeVisible()
  await picture(page, 'app-security')
  await page.getByText(app.identity.passkeys.title, { exact: true }).click()
  await expect(page.getByText(app.identity.passkeys.none)).toBeVisible()

  // Whoever does not unlock it adds none.
  await keeper.unlocks(false)
  await page.getByRole('button', { name: app.identity.passkeys.add, exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  expect(await keeper.count()).toBe(0)
  await keeper.unlocks(true)
  await page.getByRole('button', { name: app.identity.passkeys.add, exact: true }).click()
  await expect(page.getByText(app.identity.passkeys.added)).toBeVisible()
  await expect(page.getByText(app.identity.passkeys.unused)).toBeVisible()
  expect(await keeper.count()).toBe(1)
  await picture(page, 'app-passkeys')
  await isFine(page)

  await page.goto('/me')
  await page.getByRole('button', { name: app.customers.leave }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await picture(page, 'app-sign-in-passkey')
  const entering = page.waitForResponse((answer) => answer.url().endsWith('/passkeys/sign-in') && answer.ok())
  await page.getByRole('button', { name: app.identity.signIn.passkey, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 }), 'no name, no password').toContainText(person.display_name)
  const session = (await (await entering).json()) as { assurance: string }
  expect(session.assurance, 'two factors, one of them the key of this device').toBe('bound_device')

  await page.goto('/me/security')
  await page.getByText(app.identity.signIns.title, { exact: true }).click()
  const newest = page.getByRole('listitem').filter({ has: page.locator('strong') }).first()
  await expect(newest).toContainText(app.identity.signIns.done.replace('{method}', app.identity.signIns.methods.passkey))
  await picture(page, 'app-sign-ins')
  await isFine(page)

  await page.goto('/me/passkeys')
  await page.getByRole('button', { name: app.identity.passkeys.remove, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: app.identity.passkeys.remove, exact: true }).click()
  await expect(page.getByText(app.identity.passkeys.none)).toBeVisible()
  await page.goto('/me')
  await page.getByRole('button', { name: app.customers.leave }).click()
  await page.getByRole('button', { name: app.identity.signIn.passkey, exact: true }).click()
  await expect(page.getByRole('alert'), 'the bank does not know it any more').toBeVisible()
})
