// What a movement is called in a list.
import { useI18n } from 'vue-i18n'
import type { Movement } from '@yuanhang/api'

/** Names movements: the other side where there is one, else the kind of movement. */
export function useMovementWords() {
  const { t, te } = useI18n()
  const kind = (movement: Movement) => {
    const known = `accounts.codes.${movement.code}`
    return te(known) ? t(known) : t('accounts.codes.other')
  }
  const title = (movement: Movement) => movement.counterparty_name || kind(movement)
  return { kind, title }
}
