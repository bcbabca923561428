// An administrator registers a tablet for a branch; customers use it one after the other, and it forgets each of them.
import { isFine } from '../support/axe'
import { signIn } from '../support/app'
import { sitDown } from '../support/desk'
import { expect, fill, test } from '../support/story'

test('a tablet of a branch is put into use, signs out whoever left, and is removed', async ({ page, app, console: words, people, browser, picture }) => {
  const { tablets } = words.identity
  const name = `样例支行 ${Date.now() % 100_000} 号柜台`
  await sitDown(page, words, people.staff)
  await page.goto('/console/tablets')
  await page.getByRole('button', { name: tablets.add, exact: true }).click()
  const adding = page.getByRole('dialog', { name: tablets.addTitle, exact: true })
  await adding.getByRole('button', { name: tablets.confirmAdd, exact: true }).click()
  await expect(adding.getByText(tablets.nameMissing, { exact: true })).toBeVisible()
  await adding.getByLabel(tablets.name, { exact: true }).fill(name)
  await adding.getByRole('button', { name: tablets.confirmAdd, exact: true }).click()
  const code = await adding.getByLabel(tablets.code, { exact: true }).textContent()
  await picture(page, 'console-tablet')
  await adding.getByRole('button', { name: tablets.close, exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row.getByText(tablets.waits, { exact: true })).toBeVisible()
  await isFine(page)

  // At the counter: a wrong code is refused at its field, the right one makes this browser the tablet.
  const counter = await browser.newContext({ viewport: { width: 1024, height: 768 } })
  const tablet = await counter.newPage()
  await tablet.clock.install()
  await tablet.goto('/branch')
  const field = tablet.getByLabel(app.identity.branch.code, { exact: true })
  const submit = tablet.getByRole('button', { name: app.identity.branch.submit, exact: true })
  await field.fill('7K2QD')
  await submit.click()
  await expect(tablet.getByText(app.identity.branch.codeProblem, { exact: true })).toBeVisible()
  await field.fill('0'.repeat(20))
  await submit.click()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await isFine(tablet)
  await field.fill(code ?? '')
  await submit.click()
  await expect(tablet.getByText(fill(app.identity.branch.done, { name }), { exact: true })).toBeVisible()
  await page.reload()
  await expect(row.getByText(tablets.inUse, { exact: true })).toBeVisible()

  // Whoever is there is asked shortly before, and stays; whoever left is signed out, and the next one sees nothing of them.
  const [first, second] = people.customers as [(typeof people.customers)[number], (typeof people.customers)[number]]
  await signIn(tablet, app, first)
  const leaving = tablet.getByRole('alertdialog')
  // The page that counts is a download of its own: its time begins when it is there.
  await expect(async () => {
    await tablet.clock.fastForward(10_000)
    await expect(leaving).toBeVisible({ timeout: 500 })
  }).toPass()
  await isFine(tablet)
  await leaving.getByRole('button', { name: app.identity.branch.stay, exact: true }).click()
  await expect(leaving).toBeHidden()
  await tablet.clock.fastForward(120_000)
  await expect(tablet.getByRole('button', { name: app.identity.signIn.submit, exact: true })).toBeVisible()
  await tablet.goto('/')
  await expect(tablet.getByRole('button', { name: app.identity.signIn.submit, exact: true })).toBeVisible()
  await expect(tablet.getByText(first.display_name)).toBeHidden()

  // Removed, it signs the next one out at once.
  await signIn(tablet, app, second)
  await page.getByRole('button', { name: `${tablets.remove} ${name}`, exact: true }).click()
  const ending = page.getByRole('dialog', { name: tablets.removeTitle, exact: true })
  await ending.getByRole('button', { name: tablets.confirmRemove, exact: true }).click()
  await expect(row).toHaveCount(0)
  await tablet.goto('/me')
  await expect(tablet.getByRole('button', { name: app.identity.signIn.submit, exact: true })).toBeVisible()
  await counter.close()
})
