// Profile and settings.
export default {
  title: 'Me',
  number: 'Customer number', phone: 'Phone number', idNumber: 'ID number', creditCode: 'Social credit code', kycState: 'Identity check', address: 'Address',
  kyc: { declared: 'Not verified yet', verified: 'Verified', suspended: 'Suspended' },
  money: 'Transfers and receipts', limits: 'Limits', payees: 'Payees', verify: 'Verify a receipt',
  security: 'Security and privacy', center: 'Security center', centerNote: 'Passkeys, devices, sign-ins and passwords', set: 'Set', unset: 'Not set',
  privacy: 'Privacy', privacyNote: 'Choices, your data, leaving the bank',
  language: 'Language', leave: 'Sign out',
  documents: {
    sample: 'This is a sample for the demonstration and binds nobody. A bank puts its own text in its place.',
    terms: {
      title: 'Terms of service',
      one: { title: 'What we do', text: 'Current accounts in yuan and other currencies, transfers, movements and receipts.' },
      two: { title: 'What you do', text: 'Tell us truthfully who you are, keep your password, PIN and devices safe, and call us when something is odd.' },
      three: { title: 'Limits and fees', text: 'Accounts of class II and III that are opened online have limits by regulation. Nothing costs a fee for now.' },
      four: { title: 'Leaving', text: 'You can close accounts any time, and ask to be erased under Privacy. When these terms change, we ask you again.' },
    },
    privacy: {
      title: 'Privacy statement',
      one: { title: 'What we collect, and why', text: 'Name, ID number, phone and address to know who you are; devices and sign-ins to protect you; transactions to carry them out.' },
      two: { title: 'How we keep it', text: 'Sealed under a key of your own. The law on money laundering has banks keep identity and transactions for ten years after you leave.' },
      three: { title: 'What we never take for granted', text: 'Offers, personal suggestions and sharing with partners are off until you turn them on, and you can turn them off any time.' },
      four: { title: 'Your rights', text: 'Under Privacy you see and withdraw consents, export your data, and ask to be erased.' },
    },
  },
}
