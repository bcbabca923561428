// Short names for the shapes the pages work with.
import type { components, paths } from './generated/schema'

type Shapes = components['schemas']

export type Session = Shapes['SessionView']
export type SessionItem = Shapes['SessionListItem']
export type Device = Shapes['DeviceView']
export type Passkey = Shapes['PasskeyView']
export type TotpSecret = Shapes['TotpSecret']
export type Approval = Shapes['ApprovalView']
export type AgreedDocument = Shapes['AgreementView']
export type Consent = Shapes['ConsentView']
export type Erasure = Shapes['ErasureView']
export type Customer = Shapes['CustomerView']
export type Account = Shapes['AccountView']
export type Accounts = Shapes['OverviewView']
export type Movement = Shapes['MovementView']
export type MovementDetail = Shapes['MovementView']
export type MovementQuery = NonNullable<paths['/api/accounts/{id}/movements']['get']['parameters']['query']>
export type AuthorizedPerson = Shapes['PersonView']
export type ReceiptCheck = Shapes['ReceiptCheckView']
export type PayeeCheck = Shapes['PayeeCheckView']
export type TransferOrder = Shapes['TransferBody']
export type Transfer = Shapes['TransferView']
export type Limits = Shapes['PaymentsLimitsView']
export type Payee = Shapes['PayeeView']
