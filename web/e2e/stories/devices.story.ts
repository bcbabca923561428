// A device has a key of its own: what is carried away is worth nothing, and a device that was removed is out at once.
import { signIn } from '../support/app'
import { expect, test } from '../support/story'

test('a sign-in that was carried away is worth nothing elsewhere', async ({ page, browser, baseURL, language, app, people }) => {
  const person = people.customers[2]!
  await signIn(page, app, person)
  // Everything that a thief can copy: cookies and what pages remember, but no key.
  const taken = await page.context().storageState()
  expect(taken.cookies.some(({ name }) => name === 'yh_session')).toBe(true)
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '', locale: language, storageState: taken })
  const thief = await elsewhere.newPage()
  await thief.goto('/accounts')
  await expect(thief, 'the bank asks the thief to sign in').toHaveURL(/\/sign-in/)
  const bare = await elsewhere.request.get('/api/accounts')
  expect([bare.status(), ((await bare.json()) as { code: string }).code]).toEqual([401, 'proof_missing'])
  await elsewhere.close()
  await page.goto('/accounts')
  await expect(page, 'its owner goes on').toHaveURL(/\/accounts$/)
})

test('a removed device is signed out at once', async ({ page, browser, baseURL, language, app, people, picture }) => {
  const person = people.customers[2]!
  const lost = await browser.newContext({ baseURL: baseURL ?? '', locale: language })
  const finder = await lost.newPage()
  await signIn(finder, app, person)
  await signIn(page, app, person)
  await page.goto('/me/devices')
  await expect(page.getByText(app.identity.sessions.current)).toHaveCount(1)
  await expect(page.getByText(app.identity.devices.trust.bound).first()).toBeVisible()
  await picture(page, 'app-devices')
  const others = page.getByRole('listitem').getByRole('button', { name: app.identity.devices.remove })
  for (let left = await others.count(); left > 0; left -= 1) {
    await others.first().click()
    const removed = page.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.status() === 204)
    await page.getByRole('dialog').getByRole('button', { name: app.identity.devices.remove }).click()
    await removed
    await expect(others).toHaveCount(left - 1)
  }
  await finder.goto('/accounts')
  await expect(finder).toHaveURL(/\/sign-in/)
  await lost.close()
})
