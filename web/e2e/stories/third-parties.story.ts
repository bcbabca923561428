// Administrators register a third party, change its key, and end it.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '../support/story'

/** A public key as a partner would send it. */
async function publicKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  return JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey))
}

test('administrators register a third party, change its key, and end it', async ({ page, console: words, people }) => {
  const { thirdParties } = words.identity
  const name = `样例清算 ${Date.now()}`
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(people.staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(people.staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()
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
  await expect(adding).toHaveCount(0)

  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row.getByText(thirdParties.scope.payee_check, { exact: true })).toBeVisible()
  await expect(row.getByText(thirdParties.never, { exact: true })).toBeVisible()

  // A second key; then one of the two can go.
  await row.getByRole('button', { name: `${thirdParties.addKey} ${name}`, exact: true }).click()
  const another = page.getByRole('dialog', { name: thirdParties.addKeyTitle.replace('{name}', name), exact: true })
  await another.getByLabel(thirdParties.key, { exact: true }).fill(await publicKey())
  await another.getByRole('button', { name: thirdParties.addKey, exact: true }).click()
  const removals = row.getByRole('button', { name: new RegExp(`^${thirdParties.removeKey.replace('{end}', '')}`) })
  await expect(removals).toHaveCount(2)
  await expect(another).toHaveCount(0)
  // A color on its way is neither the one nor the other.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))))
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  await removals.first().click()
  await page.getByRole('dialog').getByRole('button', { name: thirdParties.confirmRemoveKey, exact: true }).click()
  await expect(removals).toHaveCount(0)

  await row.getByRole('button', { name: `${thirdParties.remove} ${name}`, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: thirdParties.confirmRemove, exact: true }).click()
  await expect(row).toHaveCount(0)
})
