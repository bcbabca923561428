// An authenticator app: set up after a proof, asked for on a device that is new, a proof of its own, and removed.
import { createHmac } from 'node:crypto'
import { isFine } from '../support/axe'
import { signIn } from '../support/app'
import { signUp } from '../support/newcomers'
import { expect, fill, test } from '../support/story'

const STEP_MS = 30_000

/** What an app shows that holds this key, so many half minutes from now (RFC 6238). */
function codeOf(key: string, ahead = 0): string {
  const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + ahead))
  const digest = createHmac('sha1', bytes).update(step).digest()
  const four = digest.readUInt32BE(digest[19]! & 0xf) & 0x7fffffff
  return String(four % 1_000_000).padStart(6, '0')
}

test('a customer sets up an authenticator app, signs in on a new device with it and removes it', async ({ page, browser, baseURL, request, app, desk, language, place, picture }) => {
  const words = app.identity.totp
  const person = await signUp(request, desk)
  await signIn(page, app, person)
  await page.goto('/me/security')
  await page.getByText(words.title, { exact: true }).click()
  await expect(page.getByText(words.none)).toBeVisible()
  await page.getByRole('button', { name: words.add, exact: true }).click()
  const key = ((await page.getByLabel(words.key, { exact: true }).textContent()) ?? '').trim()
  expect(key, 'what is typed where nothing can be scanned').toMatch(/^[A-Z2-7]{32}$/)
  await expect(page.getByRole('img', { name: words.picture })).toBeVisible()
  const address = await page.getByRole('link', { name: words.here }).getAttribute('href')
  expect(address).toContain(`secret=${key}`)
  expect(address, 'an app shows it to whoever looks').not.toContain(person.phone)
  await picture(page, 'app-totp')
  await isFine(page)

  // A wrong code turns nothing on. The right one is used up with it: the next is taken from now on, also a little early.
  const code = page.getByLabel(words.code, { exact: true })
  await code.fill(codeOf(key, 40))
  await page.getByRole('button', { name: words.confirm, exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await code.fill(codeOf(key).replace(/(...)/, '$1 '))
  await page.getByRole('button', { name: words.confirm, exact: true }).click()
  await expect(page.getByText(words.added)).toBeVisible()
  await expect(page.getByText(words.unused)).toBeVisible()
  await isFine(page)

  // On a device that the bank does not know, the password is not enough.
  const viewport = page.viewportSize()
  const other = await browser.newContext({ baseURL: baseURL ?? '', locale: language, viewport, ...(place === 'phone' && { deviceScaleFactor: 2 }) })
  const elsewhere = await other.newPage()
  await elsewhere.goto('/sign-in')
  await elsewhere.getByLabel(app.identity.name, { exact: true }).fill(person.name_to_sign_in)
  await elsewhere.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  const submit = elsewhere.getByRole('button', { name: app.identity.signIn.submit, exact: true })
  await submit.click()
  await expect(elsewhere.getByLabel(words.code, { exact: true })).toBeFocused()
  await elsewhere.getByRole('button', { name: app.identity.signIn.instead.code }).click()
  await expect(elsewhere.getByLabel(app.identity.code.label, { exact: true }), 'a message is taken, too').toBeVisible()
  await elsewhere.getByRole('button', { name: app.identity.signIn.instead.totp }).click()
  await picture(elsewhere, 'app-sign-in-totp')
  await isFine(elsewhere)
  await elsewhere.getByLabel(words.code, { exact: true }).fill(codeOf(key, 1))
  const entering = elsewhere.waitForResponse((answer) => answer.url().endsWith('/api/identity/sign-in') && answer.ok())
  await submit.click()
  expect(((await (await entering).json()) as { assurance: string }).assurance).toBe('two_factor')
  await elsewhere.goto('/me/sign-ins')
  const newest = elsewhere.getByRole('listitem').filter({ has: elsewhere.locator('strong') }).first()
  await expect(newest).toContainText(fill(app.identity.signIns.done, { method: app.identity.signIns.methods.password_and_totp }))
  await other.close()

  // Here the page knows that it was used, and it is gone with one press while the sign-in is fresh.
  await page.reload()
  await expect(page.getByText(fill(words.used, { at: '' }).trim())).toBeVisible()
  await page.getByRole('button', { name: words.remove, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: words.remove, exact: true }).click()
  await expect(page.getByText(words.none)).toBeVisible()
})
