// Browser stories in Debian's Chromium: both languages, on a phone and at a desk.
//
// YUANHANG_URL names a running demonstration bank, YUANHANG_SIGN_INS the file of those who may sign in to it.
// YUANHANG_BERKA_URL and YUANHANG_BERKA name a bank with the public Berka books and the folder of the books.
import { defineConfig, type PlaywrightTestOptions, type Project } from '@playwright/test'
import type { StoryOptions } from './support/story'

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const desk = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 }
const languages = ['zh-CN', 'en'] as const
// A page at a desk is scanned with a phone, and not the other way; waiting is the same everywhere.
const elsewhere = { phone: /scan\.story\.ts$/, desk: /recovery\.story\.ts$/ }

const projects: Project<PlaywrightTestOptions & StoryOptions>[] = languages.flatMap((language) => [
  { name: `${language} phone`, testDir: './stories', testIgnore: elsewhere.phone, use: { ...phone, locale: language, language, place: 'phone' as const } },
  { name: `${language} desk`, testDir: './stories', testIgnore: elsewhere.desk, use: { ...desk, locale: language, language, place: 'desk' as const } },
])
if (process.env['YUANHANG_BERKA_URL']) {
  projects.push({ name: 'berka', testDir: './berka', use: { ...phone, baseURL: process.env['YUANHANG_BERKA_URL'], locale: 'en', language: 'en', place: 'phone' } })
} else if (process.env['TEST_WORKER_INDEX'] === undefined) {
  console.log('the Berka books are not at hand (YUANHANG_BERKA_URL): their story is not among those told')
}

export default defineConfig<PlaywrightTestOptions & StoryOptions>({
  outputDir: '../test-results',
  testMatch: /\.story\.ts$/,
  forbidOnly: true,
  retries: 0,
  // One bank, one story at a time: the stories move money and look at what is left.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects,
  use: {
    baseURL: process.env['YUANHANG_URL'],
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['YUANHANG_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
})
