// What the bank says about messages to customers.

/** A message in the outbox. */
export interface Message {
  id: string
  at: string
  masked_to: string
  text: string
  kind: string
  state: string
}

/** A page of the outbox, newest first. */
export interface Outbox {
  messages: Message[]
  next_cursor?: string | null
}
