// The one build preset of the apps: where they are mounted, what they may assume of the browser.
import vue from '@vitejs/plugin-vue'
import pxToRem from 'postcss-pxtorem'
import type { UserConfig } from 'vite'

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
    plugins: [vue()],
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
