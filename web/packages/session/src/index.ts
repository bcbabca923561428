// Who is signed in.
export { SESSION_KEY } from './key'
