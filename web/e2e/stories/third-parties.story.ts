// Administrators register a third party, change its key, and end it: each time a colleague countersigns.
import { AxeBuilder } from '@axe-core/playwright'
import { isFine } from '../support/axe'
import { sitDown } from '../support/desk'
import { expect, test } from '../support/story'

/** A public key as a partner would send it. */
async function publicKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  return JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey))
}

test('administrators register a third party, change its key, and end it', async ({ page, console: words, people, desk, browser, picture }) => {
  const { thirdParties, twoEyes } = words.identity
  const name = `样例清算 ${Date.now()}`
  await sitDown(page, words, people.staff)
  await page.goto('/console/third-parties')

  // What is missing is said at its field; a private key is refused, in words.
  await page.getByRole('button', { name: thirdParties.add, exact: true }).click()
  const adding = page.getByRole('dialog', { name: thirdParties.addTitle, exact: true })
  await adding.getByRole('button', { name: thirdParties.confirmAdd, exact: true }).click()
  await expect(adding.getByText(thirdParties.scopesMissing, { exact: true })).toBeVisible()
  await adding.getByLabel(thirdParties.name, { exact: true }).fill(name)
  await adding.getByText(thirdParties.scope.payee_check, { exact: true }).click()
  const key = adding.getByLabel(thirdParties.key, { exact: true })
  await key.fill(JSON.stringify({ ...JSON.parse(await publicKey()), d: 'AAAA' }))
  await adding.getByRole('button', { name: thirdParties.confirmAdd, exact: true }).click()
  await expect(key).toHaveAttribute('aria-invalid', 'true')
  await key.fill(await publicKey())
  await adding.getByRole('button', { name: thirdParties.confirmAdd, exact: true }).click()
  const waiting = page.getByRole('dialog', { name: twoEyes.waitTitle, exact: true })
  await expect(waiting).toBeVisible()

  // The colleague sees what is asked, and countersigns; what was asked goes on by itself.
  const elsewhere = await browser.newContext()
  const colleague = await elsewhere.newPage()
  await sitDown(colleague, words, people.colleague)
  await colleague.goto('/console/countersignatures')
  const card = colleague.getByRole('article', { name: twoEyes.actions.identity_console_add_third_party, exact: true }).filter({ hasText: name })
  await expect(card.getByText(people.staff.name).first()).toBeVisible()
  await expect(card.getByText(thirdParties.scope.payee_check, { exact: true })).toBeVisible()
  await picture(colleague, 'console-countersign')
  const seen = await new AxeBuilder({ page: colleague }).analyze()
  expect(seen.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  await card.getByRole('button', { name: twoEyes.give, exact: true }).click()
  await expect(card.getByText(twoEyes.states.countersigned, { exact: true }).or(card.getByText(twoEyes.states.used, { exact: true }))).toBeVisible()
  await expect(waiting).toHaveCount(0)
  await expect(adding).toHaveCount(0)
  await elsewhere.close()

  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row.getByText(thirdParties.scope.payee_check, { exact: true })).toBeVisible()
  await expect(row.getByText(thirdParties.never, { exact: true })).toBeVisible()

  // A second key; then one of the two can go.
  await row.getByRole('button', { name: `${thirdParties.addKey} ${name}`, exact: true }).click()
  const another = page.getByRole('dialog', { name: thirdParties.addKeyTitle.replace('{name}', name), exact: true })
  await another.getByLabel(thirdParties.key, { exact: true }).fill(await publicKey())
  await another.getByRole('button', { name: thirdParties.addKey, exact: true }).click()
  await desk.countersign()
  const removals = row.getByRole('button', { name: new RegExp(`^${thirdParties.removeKey.replace('{end}', '')}`) })
  await expect(removals).toHaveCount(2)
  await expect(another).toHaveCount(0)
  // A color on its way is neither the one nor the other.
  await isFine(page)
  await removals.first().click()
  await page.getByRole('dialog').getByRole('button', { name: thirdParties.confirmRemoveKey, exact: true }).click()
  await desk.countersign()
  await expect(removals).toHaveCount(0)

  await row.getByRole('button', { name: `${thirdParties.remove} ${name}`, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: thirdParties.confirmRemove, exact: true }).click()
  await desk.countersign()
  await expect(row).toHaveCount(0)
})
