// Signing in at a desk by scanning the page's code with the phone's camera, and what a stranger's code leads to.
import { writeFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { signIn, type Words } from '../support/app'
import { expect, test } from '../support/story'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

test('a page at a desk is signed in by the phone that scans it', async ({ page, playwright, baseURL, language, app, people, picture }, story) => {
  const person = people.customers[1]!
  const code = await showCode(page, app)
  // The camera sees the page's code, as a picture.
  const seen = story.outputPath('camera.mjpeg')
  writeFileSync(seen, await page.screenshot({ type: 'jpeg', quality: 95 }))
  const { launchOptions } = story.project.use
  const camera: Browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${seen}`],
  })
  const context = await camera.newContext({ baseURL: baseURL ?? '', locale: language, ...PHONE })
  const phone = await context.newPage()
  await signIn(phone, app, person)
  await phone.goto('/me/security')
  await phone.getByText(app.identity.scan.title, { exact: true }).click()
  await phone.getByRole('button', { name: app.identity.scan.open, exact: true }).click()
  await expect(phone.getByText(app.identity.scan.ask)).toBeVisible()
  await expect(phone.getByText(app.identity.scan.sameNetwork)).toBeVisible()
  await expect(code).toHaveCount(0)
  const number = await page.locator('.number').innerText()
  await phone.getByLabel(app.identity.scan.number, { exact: true }).fill(number)
  await phone.screenshot({ path: story.outputPath('app-scan.png') })
  await picture(page, 'console-app-scan-number')
  await phone.getByRole('button', { name: app.identity.scan.allow, exact: true }).click()
  await expect(phone.getByText(app.identity.scan.approved)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.display_name)
  await camera.close()
})

test('a code that somebody sent is refused, and a wrong number ends it', async ({ page, browser, baseURL, language, app, people }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '', locale: language, ...PHONE })
  const phone = await context.newPage()
  await signIn(phone, app, people.customers[1]!)
  for (const refuses of [true, false]) {
    const begun = page.waitForResponse((answer) => answer.url().endsWith('/api/identity/scans') && answer.ok())
    await showCode(page, app)
    const { code } = (await (await begun).json()) as { code: string }
    await phone.goto('/accounts')
    await phone.goto(`/scan#${code}`)
    await expect(phone.getByText(app.identity.scan.beware)).toBeVisible()
    if (refuses) {
      await phone.getByRole('button', { name: app.identity.scan.refuse, exact: true }).click()
      await expect(phone.getByText(app.identity.scan.refused)).toBeVisible()
    } else {
      const number = Number(await page.locator('.number').innerText())
      await phone.getByLabel(app.identity.scan.number, { exact: true }).fill(String(number === 99 ? 10 : number + 1))
      await phone.getByRole('button', { name: app.identity.scan.allow, exact: true }).click()
      await expect(phone.getByRole('alert').first()).toBeVisible()
    }
    await expect(page.getByRole('button', { name: app.identity.scan.renew }), 'the page is told, and signs nobody in').toBeVisible()
  }
  await page.goto('/accounts')
  await expect(page).toHaveURL(/\/sign-in/)
  await context.close()
})

/** Chooses scanning at the door; the code is drawn once it can be scanned. */
async function showCode(page: Page, app: Words) {
  await page.goto('/sign-in')
  await page.getByText(app.identity.signIn.byScan, { exact: true }).click()
  const code = page.locator('svg.code')
  await expect(code).toBeVisible()
  return code
}
