// Starts the app.
import { createApp, h } from 'vue'
import '@yuanhang/ui/tokens.css'
import '@yuanhang/ui/base.css'
import { BrandMark } from '@yuanhang/ui'

createApp({ render: () => h(BrandMark, { title: 'Yuanhang' }) }).mount('#app')
