// The name under which the session is kept among the server's answers.
export const SESSION_KEY = ['session'] as const
