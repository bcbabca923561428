// All words of the app in one language.
import shared from '@yuanhang/i18n/en'
import accounts from '../../features/accounts/words/en'
import customers from '../../features/customers/words/en'
import identity from '../../features/identity/words/en'
import payments from '../../features/payments/words/en'
import shell from './shell.en'

export default { ...shared, shell, accounts, customers, identity, payments }
