// Components that know no network: the mark, amounts, icons, states of lists, fields.
export { default as AmountText } from './components/AmountText.vue'
export { default as BrandMark } from './components/BrandMark.vue'
