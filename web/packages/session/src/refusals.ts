// What is said of a refusal: the bank's own words, or ours where it had none.
import { useI18n } from 'vue-i18n'
import { isRefusal } from '@yuanhang/api'

/** A function from any error to a sentence in the person's language. */
export function useRefusalWords(): (error: unknown) => string {
  const { t, te } = useI18n()
  return (error) => {
    if (!isRefusal(error)) return t('refusals.unknown')
    if (error.detail) return error.detail
    const known = `refusals.${error.code}`
    return te(known) ? t(known) : t('refusals.unknown')
  }
}
