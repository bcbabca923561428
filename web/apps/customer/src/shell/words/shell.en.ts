// Words of the shell.
export default {
  bank: 'Yuanhang Bank',
  slogan: 'Steady steps go far.',
  demonstration: 'A demonstration bank: its customers and movements are generated.',
  nav: { label: 'Main', home: 'Home', accounts: 'Accounts', transfer: 'Transfer', me: 'Me' },
  notFound: { title: 'Page not found', text: 'This page does not exist, or it has moved.', home: 'Go to home' },
}
