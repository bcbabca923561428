// How a column of a table is labelled and laid out.

/** A column of a table. */
export interface Column {
  /** Names the slot `cell-<key>`. */
  key: string
  label: string
  align?: 'end' | 'nowrap'
  /** A CSS length. */
  width?: string
  /** What becomes of it on a phone: the heading of the card, or left out. */
  phone?: 'title' | 'hide'
}
