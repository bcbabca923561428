// What a customer decides about their own data: consents, a copy to take along, and leaving the bank.
import { readFileSync } from 'node:fs'
import { signIn } from '../support/app'
import { newcomer } from '../support/people'
import { expect, test } from '../support/story'

test('consents are off until given, and the data can be taken along', async ({ page, app, people, picture }) => {
  const person = people.customers[0]!
  await signIn(page, app, person)
  await page.goto('/me')
  await page.getByRole('link', { name: app.customers.privacyNote }).click()
  const offers = page.getByRole('switch', { name: app.identity.privacy.purposes.marketing.title })
  await expect(page.getByRole('switch', { checked: false })).toHaveCount(3)
  await picture(page, 'app-privacy')
  await offers.click()
  await expect(offers).toBeChecked()
  await page.reload()
  await expect(offers, 'the bank remembers').toBeChecked()
  await offers.click()
  await expect(offers).not.toBeChecked()

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: app.identity.privacy.copy.take }).click()
  const download = await downloading
  const copy = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    profile: { name: string; phone: string }; accounts: { id: string }[]; movements: Record<string, unknown[]>; sign_ins: unknown[]; consents: unknown[]
  }
  expect([copy.profile.name, copy.profile.phone]).toEqual([person.display_name, person.name_to_sign_in])
  expect(copy.accounts.length).toBeGreaterThan(0)
  expect(Object.keys(copy.movements)).toEqual(copy.accounts.map(({ id }) => id))
  expect([copy.sign_ins.length, copy.consents.length]).toEqual([expect.any(Number), 3])
  await expect(page.getByText(app.identity.privacy.copy.done)).toBeVisible()

  await page.getByRole('button', { name: app.identity.privacy.erasure.ask }).click()
  await page.getByRole('dialog').getByRole('button', { name: app.identity.privacy.erasure.send }).click()
  await expect(page.getByRole('link', { name: app.identity.privacy.erasure.accounts }), 'who has accounts closes them first').toBeVisible()
})

test('leaving can be taken back', async ({ page, app, desk, picture }) => {
  const person = newcomer()
  const { phone, id_number, password } = person
  const ask = async (path: string, data: object) => {
    const answer = await page.request.post(path, { data })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  await ask('/api/identity/codes', { phone, purpose: 'sign_up' })
  const { documents } = (await (await page.request.get('/api/customers/documents')).json()) as { documents: object[] }
  await ask('/api/identity/sign-up', { phone, code: await desk.codeFor(phone), name: person.display_name, id_number, password, agreed: documents })
  await page.context().clearCookies()
  await signIn(page, app, person)
  await page.goto('/me/privacy')
  await page.getByRole('button', { name: app.identity.privacy.erasure.ask }).click()
  await picture(page, 'app-privacy-leave')
  await page.getByRole('dialog').getByRole('button', { name: app.identity.privacy.erasure.send }).click()
  const back = page.getByRole('button', { name: app.identity.privacy.erasure.withdraw })
  await expect(back).toBeVisible()
  await picture(page, 'app-privacy-waiting')
  await page.reload()
  await back.click()
  await expect(page.getByRole('button', { name: app.identity.privacy.erasure.ask })).toBeVisible()
})
