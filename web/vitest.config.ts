// Unit tests of the web house: everything that needs no browser.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['packages/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tooling/**/*.test.ts'], environment: 'node' },
})
