// Which reads are worth asking again by themselves.
import { isRefusal } from '@yuanhang/api'

const TRIES_MAX = 2

/** Whether a read that failed `count` times before may succeed by itself: no answer came, or the bank is busy. */
export function retryable(count: number, error: unknown): boolean {
  return count < TRIES_MAX && isRefusal(error) && (error.unclear || error.status === 503)
}
