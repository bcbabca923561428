// Starts the customer app.
import '@yuanhang/ui/tokens.css'
import '@yuanhang/ui/base.css'
import { startApp } from './shell/start'

void startApp()
