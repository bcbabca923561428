// Transfers, payees and limits.
export default {
  title: 'Transfer',
  from: 'From', to: 'To', choose: 'Choose an account', address: 'Account or phone number', addressHint: 'Of a customer of this bank', payeeName: 'Payee’s name', amount: 'Amount', memo: 'Memo', memoOptional: 'Memo (optional)',
  kinds: { current: 'Current account', foreign: 'Currency account' },
  targets: { other: 'Someone else', payee: 'Saved payee', own: 'Own account' },
  checking: 'Checking the payee’s name…',
  match: 'Name and account match: {payee}',
  close: 'The name is close to the account’s, but not the same ({payee}). Please make sure with the payee first.',
  noMatch: 'The name does not belong to this account, so nothing can be sent. Check name and number, and beware of fraud.',
  otherCurrency: 'This account holds {currency}. Please choose another account to pay from.',
  atMost: ' At most {amount} can be sent.',
  perTransfer: 'Limit for one transfer: {amount}',
  changeLimits: 'See or change limits',
  noAccount: 'There is no account to pay from.', noOther: 'There is no other account in this currency.', toAccounts: 'See accounts', setPin: 'Set it now', managePayees: 'Manage payees',
  confirm: 'Confirm transfer', confirmPay: 'All correct: enter PIN', enterPin: 'Enter your payment PIN of 6 digits',
  confirming: 'The connection was lost. We are asking the bank what became of this transfer. Please do not send it again.',
  stuck: 'The bank cannot be reached, so the outcome is unknown. Asking again is about the same transfer and never pays twice.',
  askAgain: 'Ask again',
  approval: {
    title: 'Approve this transfer', lead: 'This amount also needs your passkey. What counts is what the approval shows.', phone: 'Waiting for your phone', phoneHint: 'Open the app on your phone, check it and approve.', left: '{time} left',
    here: 'Approve on this device', sending: 'Approved. The transfer is being sent…', afresh: 'Begin again',
  },
  terms: { to: 'To', from: 'From', capitals: 'In words', fee: 'Fee', when: 'Arrives', now: 'At once' },
  result: { done: 'Transfer completed', at: 'Time', balance: 'Balance', code: 'Verification code', receipt: 'Download receipt (PDF)', another: 'Another transfer' },
  problems: { address: 'Please enter an account or phone number.', name: 'Please enter the payee’s name.', payee: 'Please choose a payee.' },
  payees: {
    title: 'Payees', none: 'No saved payees yet.', add: 'Add a payee', nickname: 'Nickname (optional)', used: 'Last transfer {at}', keep: 'Save this payee', saved: 'The payee was saved.', removeTitle: 'Remove payee', removeText: 'Remove the payee {name}?',
  },
  limits: {
    title: 'Limits', account: 'Account', per_transfer: 'Per transfer', per_day: 'Per day', per_month: 'Per month', used: '{amount} used', unlimited: 'No limit', edit: 'Change limits', ceiling: 'At most {amount}', over: 'This is over the highest limit possible.', changed: 'The limits were changed.',
    note: 'Limits apply to transfers to others. Lower limits hold at once; higher ones cannot pass what the account’s class allows.',
  },
}
