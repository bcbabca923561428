// What one asked can be done later, refused or taken back; in an emergency one acts alone, and a colleague looks at it.
import { isFine } from '../support/axe'
import { asksForProof, sitDown } from '../support/desk'
import { newcomer } from '../support/people'
import { expect, fill, test } from '../support/story'

async function publicKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  return JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey))
}

test('what one asked is refused, or done later', async ({ page, console: words, people, desk, browser }) => {
  const { thirdParties, twoEyes } = words.identity
  const name = `样例支付 ${Date.now()}`
  await sitDown(page, words, people.staff)
  await page.goto('/console/third-parties')
  const adding = page.getByRole('dialog', { name: thirdParties.addTitle, exact: true })
  const ask = async () => {
    await adding.getByRole('button', { name: thirdParties.confirmAdd, exact: true }).click()
    await expect(page.getByRole('dialog', { name: twoEyes.waitTitle, exact: true })).toBeVisible()
  }
  await page.getByRole('button', { name: thirdParties.add, exact: true }).click()
  await adding.getByLabel(thirdParties.name, { exact: true }).fill(name)
  await adding.getByText(thirdParties.scope.rates, { exact: true }).click()
  await adding.getByLabel(thirdParties.key, { exact: true }).fill(await publicKey())
  await ask()

  // A colleague refuses: it is said where it was asked.
  const elsewhere = await browser.newContext()
  const colleague = await elsewhere.newPage()
  await sitDown(colleague, words, people.colleague)
  await colleague.goto('/console/countersignatures')
  await colleague.getByRole('article').filter({ hasText: name }).getByRole('button', { name: twoEyes.refuse, exact: true }).click()
  await expect(adding.getByRole('alert')).toBeVisible()

  // Asked anew and left; once it is countersigned, it is done from the list.
  await ask()
  await page.getByRole('button', { name: twoEyes.later, exact: true }).click()
  await desk.countersign()
  await page.goto('/console/countersignatures')
  const card = page.getByRole('article').filter({ hasText: name }).first()
  await card.getByRole('button', { name: twoEyes.carryOut, exact: true }).click()
  await expect(card.getByText(twoEyes.states.used, { exact: true })).toBeVisible()
  await page.goto('/console/third-parties')
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible()

  // In an emergency one acts alone: everybody sees it, and a colleague looks at it.
  const { emergency } = twoEyes
  const reference = `CASE-${String(Date.now()).slice(-8)}`
  await page.goto('/console/emergencies')
  await page.getByRole('button', { name: emergency.begin, exact: true }).click()
  const declaring = page.getByRole('dialog', { name: emergency.beginTitle, exact: true })
  await declaring.getByRole('button', { name: emergency.confirm, exact: true }).click()
  await expect(declaring.getByText(emergency.reasonMissing, { exact: true })).toBeVisible()
  await declaring.getByText(emergency.reasons.security_incident, { exact: true }).click()
  await declaring.getByLabel(emergency.reference, { exact: true }).fill(reference)
  await asksForProof(page, '**/api/identity/console/emergencies', ['password'])
  await declaring.getByRole('button', { name: emergency.confirm, exact: true }).click()
  const proving = page.getByRole('dialog', { name: words.identity.proof.title, exact: true })
  await proving.getByLabel(words.identity.signIn.password, { exact: true }).fill('not-it')
  await proving.getByRole('button', { name: words.identity.proof.confirm, exact: true }).click()
  await expect(proving.getByText('登录密码不正确。', { exact: true }).or(proving.getByText('The password is wrong.', { exact: true }))).toBeVisible()
  await proving.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await proving.getByRole('button', { name: words.identity.proof.confirm, exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: reference })).toBeVisible()
  await colleague.goto('/console/emergencies')
  await expect(colleague.getByRole('status').filter({ hasText: reference })).toContainText(people.staff.name)
  await page.goto('/console/third-parties')
  const row = page.getByRole('row').filter({ hasText: name })
  await row.getByRole('button', { name: `${thirdParties.remove} ${name}`, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: thirdParties.confirmRemove, exact: true }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('button', { name: emergency.end, exact: true }).click()
  await expect(page.getByText(emergency.ended, { exact: true })).toBeVisible()

  await colleague.reload()
  const declared = colleague.getByRole('row').filter({ hasText: reference })
  await expect(declared.getByText(emergency.unseen, { exact: true })).toBeVisible()
  await declared.getByRole('link', { name: emergency.record, exact: true }).click()
  await expect(colleague.getByText(words.audit.emergency, { exact: true }).first()).toBeVisible()
  await colleague.goto('/console/emergencies')
  await declared.getByRole('button', { name: emergency.review, exact: true }).click()
  await colleague.getByRole('dialog', { name: emergency.reviewTitle, exact: true }).getByRole('button', { name: emergency.right, exact: true }).click()
  await expect(declared.getByText(emergency.justified, { exact: true })).toBeVisible()
  await expect(declared).toContainText(fill('{name}', { name: people.colleague.name }))
  await isFine(colleague)
  await elsewhere.close()
})

test('a request to be erased is handed in on paper', async ({ page, console: words, people, desk, playwright, baseURL }) => {
  const { phone, id_number, password, display_name: name } = newcomer()
  const door = await playwright.request.newContext({ baseURL: baseURL ?? '' })
  await door.post('/api/identity/codes', { data: { phone, purpose: 'sign_up' } })
  const { documents } = (await (await door.get('/api/customers/documents')).json()) as { documents: object[] }
  const form = { phone, code: await desk.codeFor(phone), name, id_number, password, agreed: documents }
  const answer = await door.post('/api/identity/sign-up', { data: form })
  expect(answer.ok(), await answer.text()).toBe(true)
  const { customer } = (await answer.json()) as { customer: { id: string } }
  await door.dispose()

  const { erasure } = words.identity
  await sitDown(page, words, people.staff)
  await page.goto(`/console/customers/${customer.id}`)
  await page.getByRole('button', { name: erasure.take, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: erasure.take, exact: true })
  await dialog.getByText(erasure.seen, { exact: true }).click()
  await dialog.getByRole('button', { name: erasure.confirm, exact: true }).click()
  await desk.countersign()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText(erasure.pending, { exact: true })).toBeVisible()
  await expect(page.getByText(erasure.onPaper, { exact: true })).toBeVisible()
})
