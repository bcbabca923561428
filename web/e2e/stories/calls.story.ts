// A customer calls the bank and approves in the app, with the number that is read out; and refuses a call that is not theirs.
import { isFine } from '../support/axe'
import { signIn } from '../support/app'
import { signUp } from '../support/newcomers'
import { expect, fill, test } from '../support/story'
import { telephone } from '../support/telephone'

test('a call is signed in by whoever hears its number, and refused by whoever did not call', async ({ page, request, baseURL, app, people, desk, picture }) => {
  const { calls, signIns } = app.identity
  const name = `电话银行 ${Date.now()}`
  const line = await telephone(request, baseURL ?? '', people, name)
  const person = await signUp(request, desk)
  await signIn(page, app, person)

  const first = await line.call(person.phone)
  expect((await line.session(first.id)).status, 'nobody has decided').toBe(202)
  const card = page.getByRole('region', { name: calls.title, exact: true })
  await expect(card).toBeVisible()
  await expect(card).toContainText(name)
  await picture(page, 'app-call')
  await isFine(page)

  // What is missing is said at its field; the right number lets the call in, and a word says so.
  await card.getByRole('button', { name: calls.allow, exact: true }).click()
  await expect(card.getByText(calls.numberProblem, { exact: true })).toBeVisible()
  await card.getByLabel(calls.number, { exact: true }).fill(String(first.number))
  await card.getByRole('button', { name: calls.allow, exact: true }).click()
  await expect(page.getByText(calls.approved, { exact: true })).toBeVisible()
  await expect(card).toHaveCount(0)
  const entered = await line.session(first.id)
  expect([entered.status, entered.body['token_type']]).toEqual([200, 'DPoP'])

  const second = await line.call(person.phone)
  await card.getByRole('button', { name: calls.refuse, exact: true }).click()
  await expect(page.getByText(calls.refused, { exact: true })).toBeVisible()
  expect((await line.session(second.id)).body['code']).toBe('call_declined')

  // A number that is not the one read out ends the call.
  const third = await line.call(person.phone)
  await card.getByLabel(calls.number, { exact: true }).fill(String(third.number === 99 ? 10 : third.number + 1))
  await card.getByRole('button', { name: calls.allow, exact: true }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(card).toHaveCount(0)
  expect((await line.session(third.id)).body['code']).toBe('call_declined')

  // Both stand among the sign-ins, and the call among the places where the customer is signed in.
  await page.goto('/me/sign-ins')
  await expect(page.getByText(fill(signIns.done, { method: signIns.methods.call_approval }), { exact: true })).toHaveCount(1)
  await expect(page.getByText(fill(signIns.refused, { method: signIns.methods.call_approval }), { exact: true })).toHaveCount(2)
  await page.goto('/me/sessions')
  await expect(page.getByText(signIns.channels.phone, { exact: true }).first()).toBeVisible()
})
