// A member of staff is added without a password, registers a passkey with a code, and is enrolled again.
import { isFine } from '../support/axe'
import { keepPasskeys } from '../support/authenticator'
import { asksForProof } from '../support/desk'
import { expect, test } from '../support/story'

test('staff register a passkey with a code, sign in with it, and are enrolled again', async ({
  page, browser, baseURL, language, console: words, people, picture, desk: colleagues,
}) => {
  const { staff, signIn, enroll, code } = words.identity
  const name = `clerk.${Date.now().toString(36)}`
  await page.goto('/console/sign-in')
  await expect(page.getByText(signIn.demonstration, { exact: true }), 'the bank of the stories is generated').toBeVisible()
  await picture(page, 'console-sign-in')
  await isFine(page)
  await page.getByLabel(signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  // A name and a role are enough; the code is shown once.
  await page.goto('/console/staff')
  await page.getByRole('button', { name: staff.add, exact: true }).click()
  const adding = page.getByRole('dialog')
  await adding.getByLabel(staff.name, { exact: true }).fill(name)
  await adding.getByText(words.identity.role.operator, { exact: true }).click()
  await adding.getByRole('button', { name: staff.confirmAdd, exact: true }).click()
  await colleagues.countersign()
  const shown = adding.getByLabel(code.title, { exact: true })
  await expect(shown).toHaveText(/^([0-9A-HJKMNP-TV-Z]{5}-?){4}$/)
  const given = (await shown.textContent()) ?? ''
  await picture(page, 'console-staff-code')
  await isFine(page)
  await adding.getByRole('button', { name: code.done, exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row.getByText(staff.entries.code, { exact: true })).toBeVisible()

  // The newcomer's own browser, which has a keeper of passkeys.
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '', locale: language, viewport: { width: 1280, height: 860 } })
  const desk = await elsewhere.newPage()
  const keeper = await keepPasskeys(desk)
  await desk.goto('/console/sign-in')
  await desk.getByRole('button', { name: signIn.first, exact: true }).click()
  await desk.getByLabel(signIn.name, { exact: true }).fill(name)
  await desk.getByLabel(enroll.code, { exact: true }).fill('00000-00000-00000-00000')
  await desk.getByRole('button', { name: enroll.submit, exact: true }).click()
  await expect(desk.getByRole('alert'), 'that is not the code').toBeVisible()
  expect(await keeper.count()).toBe(0)
  await desk.getByLabel(enroll.code, { exact: true }).fill(given.toLowerCase().replaceAll('-', ' '))
  await isFine(desk)
  await desk.getByRole('button', { name: enroll.submit, exact: true }).click()
  await expect(desk.getByLabel(words.customers.search.label, { exact: true }), 'they are in').toBeVisible()
  expect(await keeper.count()).toBe(1)

  // Where the bank wants to know that they are still there, their passkey says so, and what was asked goes on.
  const { proof } = words.identity
  await asksForProof(desk, '**/api/identity/console/sign-out', ['passkey'])
  await desk.getByRole('button', { name: words.shell.signOut, exact: true }).click()
  await expect(desk.getByRole('dialog', { name: proof.title, exact: true })).toBeVisible()
  await picture(desk, 'console-proof')
  await isFine(desk)
  await desk.getByRole('button', { name: proof.passkey, exact: true }).click()

  // Out, and in again without a name.
  await desk.getByRole('button', { name: signIn.passkey, exact: true }).click()
  await expect(desk.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  // Enrolled again: the session is over, and the old passkey is unknown.
  await page.reload()
  await expect(row.getByText(staff.entries.passkey, { exact: true })).toBeVisible()
  await picture(page, 'console-staff')
  await row.getByRole('button', { name: `${staff.enroll} ${name}`, exact: true }).click()
  const again = page.getByRole('dialog')
  await again.getByRole('button', { name: staff.confirmEnroll, exact: true }).click()
  await colleagues.countersign()
  await expect(again.getByLabel(code.title, { exact: true })).not.toHaveText(given)
  const newer = (await again.getByLabel(code.title, { exact: true }).textContent()) ?? ''
  await again.getByRole('button', { name: code.done, exact: true }).click()
  await desk.reload()
  await expect(desk.getByRole('button', { name: signIn.passkey, exact: true }), 'the session has ended').toBeVisible()
  await desk.getByRole('button', { name: signIn.passkey, exact: true }).click()
  await expect(desk.getByRole('alert'), 'the bank does not know it any more').toBeVisible()
  await desk.getByRole('button', { name: signIn.first, exact: true }).click()
  await desk.getByLabel(signIn.name, { exact: true }).fill(name)
  await desk.getByLabel(enroll.code, { exact: true }).fill(newer)
  await desk.getByRole('button', { name: enroll.submit, exact: true }).click()
  await expect(desk.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()

  await page.getByRole('button', { name: `${staff.remove} ${name}`, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: staff.confirmRemove, exact: true }).click()
  await colleagues.countersign()
  await expect(row).toHaveCount(0)
  await elsewhere.close()
})
