// The one client of an app, handed to its pages.
import { inject, type App, type InjectionKey } from 'vue'
import type { Api } from '@yuanhang/api'

const DOOR: InjectionKey<Api> = Symbol('bank')

/** Hands the client to every page of the app. */
export function provideApi(app: App, api: Api): void {
  app.provide(DOOR, api)
}

/** The client; called in the set-up of a component. */
export function useApi(): Api {
  const api = inject(DOOR)
  if (!api) throw new Error('the app was started without a client')
  return api
}
