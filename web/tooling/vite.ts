// The one build preset of the apps: where they are mounted, what they may assume of the browser.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import pxToRem from 'postcss-pxtorem'
import type { Plugin, UserConfig } from 'vite'

/** Files that shrink; pictures in other formats are compressed already. */
const SHRINKS = /\.(html|js|css|svg)$/

/** Lays `name.br` beside every file that shrinks: the bank sends it without compressing it anew. */
function compressed(): Plugin {
  let folder = ''
  return {
    name: 'yuanhang:compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!SHRINKS.test(entry)) continue
        const content = readFileSync(join(folder, entry))
        const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
        writeFileSync(join(folder, `${entry}.br`), small)
      }
    },
  }
}

/**
 * Build settings for an app served under `base` (with leading and trailing slash).
 *
 * The library styles are written in pixels; they are turned into rem here, so that a person who
 * enlarges the text of the browser enlarges all of it.
 */
export function appConfig(base: string): UserConfig {
  const bank = process.env['YUANHANG_URL'] ?? 'http://127.0.0.1:8080'
  return {
    base,
    plugins: [vue(), compressed()],
    css: {
      postcss: {
        plugins: [
          pxToRem({
            rootValue: 16,
            propList: ['*'],
            minPixelValue: 2,
            exclude: (file: string) => !/node_modules[\\/](vant|element-plus)[\\/]/.test(file),
          }),
        ],
      },
    },
    build: {
      target: 'es2022',
      // The bank's policy forbids data: scripts; small pictures stay inline, code never does.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      sourcemap: false,
    },
    server: { proxy: { '/api': { target: bank, changeOrigin: false } } },
    preview: { proxy: { '/api': { target: bank, changeOrigin: false } } },
  }
}
