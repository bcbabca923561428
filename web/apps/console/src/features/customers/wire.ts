// Customers as the bank describes them to staff; personal fields arrive masked.
import type { components } from '@yuanhang/api'

/** A customer. */
export type Customer = components['schemas']['MaskedCustomerView']
