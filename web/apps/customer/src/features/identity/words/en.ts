// Signing in and up, devices and passwords.
export default {
  promise: 'Your accounts, your transfers, every movement: clear, and always with you.',
  phone: 'Phone number',
  name: 'Phone or customer number',
  fullName: 'Full name',
  idNumber: 'Resident ID number', idNumberOrCredit: 'Resident ID number (businesses: credit code)',
  signIn: { title: 'Sign in', way: 'Way to sign in', byPassword: 'With password', byCode: 'With a code', byScan: 'Scan', submit: 'Sign in', passkey: 'Sign in with a passkey', instead: { code: 'No authenticator at hand? Use a text message', totp: 'Use the authenticator app', password: 'Use the password' }, or: 'or', newHere: 'New here?', open: 'Sign up', verify: 'Verify a receipt' },
  reset: {
    title: 'Reset password', lead: 'Verify your phone and ID number, then choose a new password.', done: 'The new password is set. Please sign in.', back: 'Back to sign-in', forgot: 'Forgot password?',
    waits: 'We have your request. From {at} you can set a new password on this device.', waitsWhy: 'We do not know this device. Somebody may have taken over the phone number, so we wait: meanwhile its owner can refuse.',
    waitsHow: 'Then open “Reset password” on this device again, by {until} at the latest. To be done at once, come to a branch with your ID card. On a device you use often there is no waiting.', ready: 'The waiting is over. Get another code and set the new password.',
  },
  recovery: { warning: 'Somebody on “{device}” asks for a new password of yours; it can be set from {at}. If this was not you, refuse now.', refuse: 'Not me, refuse', refused: 'Refused. Your password is as it was.' },
  scan: {
    title: 'Sign in by scanning', note: 'Scan the code of the web bank', code: 'Code to sign in', lead: 'Scan it in the app: Security, Sign in by scanning.', renew: 'Show a new code',
    numberLead: 'Enter this number on your phone', numberWarn: 'Tell it to nobody.', ask: 'A page asks to be signed in to your account. Make sure it is right in front of you.',
    device: 'Device that asks', channel: 'Channel', network: 'Network', sameNetwork: 'The same as your phone', otherNetwork: 'Another than your phone', number: 'Number shown on the page',
    numberProblem: 'Enter the two digits that the page shows.', beware: 'If somebody sent you this code, refuse: they want to get into your account.', allow: 'Sign in there', refuse: 'Refuse',
    approved: 'Approved. The page will be signed in.', refused: 'Refused. The page was not signed in.', cameraLead: 'Open the web bank on a computer, choose “Scan”, and point the camera at the code.', camera: 'Camera',
    foreign: 'This is no code of our web bank.', noCamera: 'The camera cannot be used. Allow it in the browser, or scan with the phone\'s own camera.', open: 'Open the camera', home: 'Back to home',
  },
  signUp: { title: 'Sign up', steps: 'Steps', leadPhone: 'First, let us verify your phone number.', leadWho: 'Please enter what your ID card says.', submit: 'Sign up', already: 'Already a customer?', agree: 'I have read and agree to the', and: 'and the', fresh: 'Please read the documents and agree to them first.' },
  code: { label: 'Code by text message', send: 'Send code', resend: 'Send again', again: 'Again in {seconds} s', sent: 'The code was sent. Please check your messages.' },
  password: {
    title: 'Change password', label: 'Password', old: 'Current password', fresh: 'New password', again: 'Password once more', hint: 'At least {length} characters, letters and digits mixed.',
    show: 'Show password', hide: 'Hide password', done: 'The password was changed.', byPasskey: 'Forgot the current one? Use a passkey', byOld: 'Use the current password',
  },
  pin: {
    title: 'Payment PIN', first: 'Choose a payment PIN of 6 digits', second: 'Enter the payment PIN once more', easy: 'This PIN is too easy. Please choose another.', differs: 'The two PINs differ. Please start again.',
    why: 'Before a PIN is set, please confirm that it is you.', done: 'The payment PIN was set.',
  },
  welcome: {
    pinTitle: 'Set a payment PIN', pinLead: 'You need it for transfers and limits. Never tell it to anyone.',
    accountTitle: 'Open your first account', accountLead: 'A current account in yuan, ready at once.',
    instant: 'Opened online, usable at once', limits: 'Clear limits that you can change', more: 'Add accounts in other currencies any time', open: 'Open account', later: 'Not now',
  },
  sessions: {
    title: 'Where you are signed in', lead: 'If you do not know a device, sign it out and change your password.', unknown: 'Unknown device', seen: 'Last used {at}', since: 'Signed in {at}', current: 'This device',
    end: 'Sign out', endTitle: 'Sign out this device', endText: '“{device}” will be signed out at once.',
  },
  security: {
    title: 'Security', ways: 'Ways to sign in', where: 'Devices and history', money: 'Payments', count: '{count}',
    numberHeld: 'Your carrier says that the SIM of your phone was changed lately. Until {at}, a code by message alone opens no new device, and no PIN or new way to sign in can be set. If it was not you, call your carrier and us at once.',
    levels: { good: 'Protection: high', fair: 'Protection: medium', low: 'Protection: low' },
    advice: {
      passkey: 'Add a passkey: sign in with your finger or face, and no one can trick you out of a password.', pin: 'Set a payment PIN to pay safely.',
      none: 'The main protections are on. Look at your sign-ins now and then.',
    },
  },
  passkeys: {
    title: 'Passkeys', note: 'Finger, face or screen lock', lead: 'A passkey stays on your device and opens with your finger, your face or your screen lock. No fake site can trick you out of it.',
    none: 'No passkey yet', unnamed: 'Passkey without a name', used: 'Last used {at}', unused: 'Never used', synced: 'Synced between your devices', local: 'On this device or security key only',
    add: 'Add a passkey on this device', added: 'The passkey was added. Next time, sign in with it.', remove: 'Remove', removeTitle: 'Remove passkey',
    removeText: 'Without “{name}” you can no longer sign in with it. Delete the key itself in the settings of your device.', unsupported: 'This browser knows no passkeys. Please use the browser of your system.',
  },
  totp: {
    title: 'Authenticator app', note: 'Codes without text messages', lead: 'An authenticator app on your phone shows a new code of 6 digits every 30 seconds. On a new device it replaces the text message, also without a signal or when your number changes.',
    none: 'No authenticator app yet', since: 'Since {at}', used: 'Last used {at}', unused: 'Never used', add: 'Set up an authenticator app', replace: 'Replace it', remove: 'Remove',
    stepAdd: '1. Add it to your app', picture: 'QR code for the authenticator app', scan: 'Scan the code with your authenticator app. Any app for time-based codes (TOTP) will do.', here: 'Is the app on this device? Add it here', type: 'If you cannot scan, type this key into the app:', key: 'Key',
    secrecy: 'The key is shown only this once. Keep no picture of it and tell it to nobody. Please finish within {minutes} minutes.', stepConfirm: '2. Enter a code', code: 'Code of the authenticator app', codeHint: 'The 6 digits that the app shows', confirm: 'Turn it on',
    added: 'The authenticator app is on. On a new device you are asked for its code beside your password.', removeTitle: 'Remove authenticator app', removeText: 'Its codes will no longer be good. Delete the entry in the app, too.',
  },
  devices: {
    title: 'My devices', note: 'Removing signs it out at once', lead: 'Each device keeps a key of its own that cannot be copied: a stolen sign-in is worth nothing elsewhere. Remove devices you do not know.',
    trust: { trusted: 'Trusted: its key is a second factor', bound: 'Bound by its key', known: 'Without a key' }, seen: 'Last signed in {at}',
    remove: 'Remove', removeTitle: 'Remove device', removeText: '“{name}” will be signed out at once, and is a new device when it comes again.',
  },
  approvals: {
    title: 'Waiting for approval', note: 'Your phone is the key', lead: 'Larger transfers to others are approved with a passkey. Check every line before you approve.', none: 'Nothing waits for approval', count: '{count}',
    row: 'Transfer to {payee}', unknownRow: 'Something that cannot be shown', until: 'Until {at}',
    ask: 'Check and approve', transfer: 'Transfer', payee: 'Payee', account: 'Payee’s account', from: 'From account', device: 'Asked for on', at: 'Asked at', left: '{time} left',
    approve: 'Approve', refuse: 'Refuse', beware: 'Approve only transfers that you began yourself. Neither we nor any authority will ever ask you to approve one.',
    unknown: 'This version cannot show all of it, so it cannot be approved. Please update the app.',
    states: { approved: 'Approved.', used: 'Approved, and the transfer was submitted.', refused: 'Refused. Nothing was sent.', expired: 'It was not approved in time. Nothing was sent.' },
  },
  calls: {
    title: 'A call asks to sign in as you', lead: 'At {at}, somebody called {system} from your number. If it was you, enter the two digits that are read out in the call.', number: 'Number read out in the call',
    numberProblem: 'Enter the two digits that are read out in the call.', beware: 'If you did not call, or somebody else told you the number, refuse.', allow: 'Allow', refuse: 'It was not me, refuse',
    approved: 'Allowed. Please go on with the call.', refused: 'Refused. Nobody was signed in.',
  },
  proof: { title: 'Please prove that it is you', lead: 'This concerns the safety of your accounts.', passkey: 'Use a passkey', totp: 'Use the authenticator app', password: 'Use the password' },
  signIns: {
    title: 'Sign-in history', lead: 'Who signed in or was refused in the last 180 days. If it was not you, change your password and call us.', none: 'No sign-ins yet', more: 'Show earlier ones',
    done: 'Signed in: {method}', refused: 'Refused: {method}',
    methods: { sign_up: 'sign-up', password: 'password', password_and_code: 'password and code', password_and_totp: 'password and authenticator app', password_alone: 'password, without the code for a new device', code: 'code', passkey: 'passkey', scan: 'scan', call_pin: 'call and payment PIN', call_approval: 'call and approval in the app' },
    channels: { app: 'App', web: 'Web bank', mini_program: 'Mini program', phone: 'Phone', branch: 'Branch', open_api: 'Open API', console: 'Console' },
  },
  privacy: {
    title: 'Privacy',
    choices: { title: 'Your choices', lead: 'These are off until you turn them on. Every service works without them, and you can turn them off any time.' },
    purposes: {
      marketing: { title: 'Offers', note: 'Products and campaigns by message and phone' },
      personalization: { title: 'Personal suggestions', note: 'Chosen by how you use the app' },
      sharing: { title: 'Sharing with partners', note: 'What partners need for a service of theirs' },
    },
    documents: { title: 'Documents', agreed: 'Version {version}, agreed on {on}', never: 'Not agreed yet', fresh: 'Please read version {version}', agree: 'Agree' },
    copy: { title: 'Your data', lead: 'Who you are, accounts, movements, payees, devices and sign-ins in one JSON file. It holds everything unmasked: keep it safe.', take: 'Export my data', done: 'Exported. Look into your downloads.' },
    erasure: {
      title: 'Leave the bank', lead: 'Your personal data is erased and cannot be brought back. Move your money out and close your accounts first.', ask: 'Leave and erase my data', accounts: 'See my accounts',
      confirmTitle: 'Ask to be erased?', send: 'Ask to be erased',
      points: {
        days: 'For {days} days you can take it back on this page.', gone: 'Then every device is signed out, and your name, ID, phone, payees, devices and sign-ins are erased.',
        kept: 'Of whoever had an account, the law has banks keep identity and transactions: sealed, shown to nobody, destroyed after {years} years.', copy: 'Export your data first if you want to keep it.',
      },
      waiting: 'Your request was taken. Your data is erased at {at}.', withdraw: 'Take it back',
    },
  },
  branch: {
    title: 'Branch tablet', lead: 'Type in the code that an administrator was given for this tablet.', code: 'Code', codeHint: '20 letters and digits, with or without hyphens', codeProblem: 'The code has 20 letters and digits; please check it.',
    submit: 'Put into use', done: 'This tablet is “{name}” from now on.', go: 'To the sign-in page', leaving: 'Are you still there? You are signed out in {seconds} seconds.', stay: 'I am here',
  },
  problems: {
    phone: 'Please enter a phone number of 11 digits.', name: 'Please enter your phone or customer number.', password: 'Please enter your password.', code: 'Please enter the code of 6 digits.', totp: 'Please enter the 6 digits that your authenticator app shows.', fullName: 'Please enter your full name.',
    idNumber: 'This ID number is not right. Please check it.', short: 'The password needs at least {length} characters.', again: 'The two passwords differ.',
  },
}
