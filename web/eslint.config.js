// Lint rules of the web house. Formatting is left to the author; mistakes are not.
import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/generated/**', '**/test-results/**'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/no-v-html': 'error',
      'max-lines': ['error', 300],
    },
  },
  {
    rules: {
      // The type checker knows the names; the rule does not know the browser's.
      'no-undef': 'off',
      'no-restricted-globals': ['error', { name: 'parseFloat', message: 'amounts are decimal strings: @yuanhang/money' }],
      'no-console': 'error',
    },
  },
  { files: ['tooling/**', 'e2e/**', '**/*.config.*'], rules: { 'no-console': 'off' } },
)
