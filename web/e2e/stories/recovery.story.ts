// A forgotten password: a device that the bank does not know waits, its owner can refuse, and what comes of waiting.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { signIn } from '../support/app'
import { signUp } from '../support/newcomers'
import type { Person } from '../support/people'
import { expect, test } from '../support/story'

test('a forgotten password waits for its owner, who may refuse', async ({ page, browser, playwright, baseURL, language, app, desk, picture }) => {
  const program = await playwright.request.newContext({ baseURL: baseURL ?? '' })
  const person = await signUp(program, desk)
  await program.dispose()
  await signIn(page, app, person)

  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '', locale: language, ...page.viewportSize() && { viewport: page.viewportSize() } })
  const other = await elsewhere.newPage()
  await other.goto('/reset-password')
  const fresh = `${person.password}-2`
  const codes = new Set<string>()
  await fillIn(other, person, fresh)
  await askAgain(other)
  await expect(other.getByText(app.identity.reset.waitsWhy)).toBeVisible()
  await picture(other, 'app-recovery-waits')
  expect((await new AxeBuilder({ page: other }).analyze()).violations).toEqual([])

  await page.goto('/me')
  await expect(page.getByRole('alert')).toContainText(app.identity.recovery.refuse)
  await picture(page, 'app-recovery-warning')
  await page.getByRole('button', { name: app.identity.recovery.refuse }).click()
  await expect(page.getByText(app.identity.recovery.refused)).toBeVisible()

  // Whoever waited for what was refused waits anew; then nobody refuses.
  await askAgain(other)
  await expect(other.getByText(app.identity.reset.waitsWhy)).toBeVisible()
  await askAgain(other)
  await expect(other.getByText(app.identity.reset.done)).toBeVisible()
  await page.goto('/accounts')
  await expect(page, 'every session has ended').toHaveURL(/\/sign-in/)

  await signIn(other, app, { ...person, password: fresh })
  await other.goto('/me/pin')
  await typeNewPin(other)
  await expect(other.getByRole('alert'), 'the new password alone sets no PIN').toBeVisible()
  await elsewhere.close()

  async function fillIn(on: Page, { name_to_sign_in: phone }: Person, password: string): Promise<void> {
    await on.getByLabel(app.identity.phone, { exact: true }).fill(phone)
    await on.getByLabel(app.identity.idNumberOrCredit, { exact: true }).fill(person.id_number)
    await on.getByLabel(app.identity.password.fresh, { exact: true }).fill(password)
    await on.getByLabel(app.identity.password.again, { exact: true }).fill(password)
  }
  async function askAgain(on: Page): Promise<void> {
    await on.getByRole('button', { name: new RegExp(`^(${app.identity.code.send}|${app.identity.code.resend})$`) }).click()
    await expect(on.getByText(app.identity.code.sent)).toBeVisible()
    let code = ''
    await expect.poll(async () => (code = await desk.codeFor(person.phone)), { message: 'a code that was not used' }).not.toBe([...codes].at(-1) ?? '')
    codes.add(code)
    await on.getByLabel(app.identity.code.label, { exact: true }).fill(code)
    await on.getByRole('button', { name: app.actions.save, exact: true }).click()
  }
  async function typeNewPin(on: Page): Promise<void> {
    await on.getByLabel(app.identity.password.label, { exact: true }).fill(fresh)
    await on.getByRole('button', { name: app.actions.next, exact: true }).click()
    for (const digit of '840271840271') await on.getByRole('button', { name: digit, exact: true }).click()
  }
})
