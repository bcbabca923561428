// Receipts as files: asked for like everything else, since a link alone would not prove from which device it is.
import { useMutation } from '@tanstack/vue-query'
import { unwrap } from '@yuanhang/api'
import { useApi } from './door'

/** Saves the receipt of a movement as a PDF file, in the person's language. */
export function useReceipt() {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ account, transfer, lang }: { account: string; transfer: string; lang: 'zh' | 'en' }) => {
      const path = { id: account, transfer_id: transfer }
      const file = await unwrap(api.GET('/api/accounts/{id}/movements/{transfer_id}/receipt', { params: { path, query: { lang } }, parseAs: 'blob' }))
      const address = URL.createObjectURL(file as unknown as Blob)
      const link = Object.assign(document.createElement('a'), { href: address, download: `receipt-${transfer}.pdf` })
      link.click()
      // The browser has begun to save it; the page need not keep it.
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
    },
  })
}
