// News as the bank describes it to staff.
import type { components } from '@yuanhang/api'
import type { Service } from './services'

/** How the news of a service is getting on, with a page of what was set aside. */
export type News = components['schemas']['NewsView']
/** News that was set aside, and whose it is. */
export type DeadLetter = components['schemas']['DeadLetterView'] & { service: Service }
