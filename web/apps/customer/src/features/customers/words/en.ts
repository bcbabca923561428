// Profile and settings.
export default {
  title: 'Me',
  number: 'Customer number', phone: 'Phone number', idNumber: 'ID number', creditCode: 'Social credit code', kycState: 'Identity check', address: 'Address',
  kyc: { verified: 'Verified', pending: 'In progress', registered: 'Registered', basic: 'Basic', full: 'Full', none: 'Not verified', expired: 'Expired', unverified: 'Not verified' },
  money: 'Transfers and receipts', limits: 'Limits', payees: 'Payees', verify: 'Verify a receipt',
  security: 'Security', center: 'Security center', centerNote: 'Passkeys, devices, sign-ins and passwords', set: 'Set', unset: 'Not set',
  language: 'Language', leave: 'Sign out',
}
