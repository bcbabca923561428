// Build of the console, mounted under /console/ of the bank.
import { defineConfig } from 'vite'
import { appConfig } from '../../tooling/vite.ts'

export default defineConfig(appConfig('/console/'))
