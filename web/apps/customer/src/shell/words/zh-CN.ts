// All words of the app in one language.
import shared from '@yuanhang/i18n/zh-CN'
import accounts from '../../features/accounts/words/zh-CN'
import customers from '../../features/customers/words/zh-CN'
import identity from '../../features/identity/words/zh-CN'
import payments from '../../features/payments/words/zh-CN'
import shell from './shell.zh-CN'

export default { ...shared, shell, accounts, customers, identity, payments }
