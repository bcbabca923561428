// Build of the customer app, mounted at the root of the bank.
import { defineConfig } from 'vite'
import { appConfig } from '../../tooling/vite.ts'

export default defineConfig(appConfig('/'))
