// Sending an order until it is known what became of it. The order bears one key, so asking again is the
// same order: the bank answers what it did the first time.
import { isRefusal } from '@yuanhang/api'

/** Pauses between questions while no answer comes, in milliseconds; afterwards the person decides. */
export const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000] as const

/** How an order stands while it is being sent. */
export interface SettleHooks {
  /** Waits; handed in so that tests need no clock. */
  wait: (milliseconds: number) => Promise<void>
  /** Called once when the first answer did not come: from now on it is unknown whether money moved. */
  onUnclear: () => void
}

/**
 * Sends until an answer comes. Throws the bank's refusal, or the last unclear one when all pauses
 * are used up; the caller may then call again with the same order.
 */
export async function settle<T>(send: () => Promise<T>, hooks: SettleHooks): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send()
    } catch (error) {
      if (!isRefusal(error) || !error.unclear) throw error
      if (attempt === 0) hooks.onUnclear()
      const pause = PAUSES_MS[attempt]
      if (pause === undefined) throw error
      await hooks.wait(pause)
    }
  }
}
