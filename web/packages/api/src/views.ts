// Short names for the shapes the pages work with.
import type { components } from './generated/schema'

type Shapes = components['schemas']

export type Session = Shapes['SessionView']
export type SessionItem = Shapes['SessionListItem']
export type Customer = Shapes['CustomerView']
export type Account = Shapes['AccountView']
export type Accounts = Shapes['AccountsView']
export type Movement = Shapes['MovementView']
export type MovementDetail = Shapes['MovementDetailView']
export type MovementQuery = Shapes['MovementQuery']
export type AuthorizedPerson = Shapes['AuthorizedPersonView']
export type ReceiptCheck = Shapes['ReceiptCheckView']
export type PayeeCheck = Shapes['PayeeCheckView']
export type TransferOrder = Shapes['TransferOrder']
export type Transfer = Shapes['TransferView']
export type Limits = Shapes['LimitsView']
export type Payee = Shapes['PayeeView']
