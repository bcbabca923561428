// Every page of the app and who may open it; each page is its own download.
import type { QueryClient } from '@tanstack/vue-query'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Api } from '@yuanhang/api'
import { fetchSession, SESSION_KEY } from '@yuanhang/session'

/** `open`: needs nobody signed in. `bare`: shown without navigation. */
const pages: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', meta: { open: true, bare: true }, component: () => import('../features/identity/pages/SignInPage.vue') },
  { path: '/sign-up', name: 'sign-up', meta: { open: true, bare: true }, component: () => import('../features/identity/pages/SignUpPage.vue') },
  { path: '/reset-password', name: 'reset-password', meta: { open: true, bare: true }, component: () => import('../features/identity/pages/PasswordResetPage.vue') },
  { path: '/branch', name: 'branch', meta: { open: true, bare: true }, component: () => import('../features/identity/pages/BranchPage.vue') },
  { path: '/verify/:code?', name: 'verify', meta: { open: true, bare: true }, component: () => import('../features/accounts/pages/ReceiptVerifyPage.vue') },
  { path: '/documents/:document', name: 'document', meta: { open: true, bare: true }, component: () => import('../features/customers/pages/DocumentPage.vue') },
  { path: '/welcome', name: 'welcome', meta: { bare: true }, component: () => import('../features/identity/pages/WelcomePage.vue') },
  { path: '/', name: 'home', component: () => import('../features/accounts/pages/AccountsHomePage.vue') },
  { path: '/accounts', name: 'accounts', component: () => import('../features/accounts/pages/AccountsListPage.vue') },
  { path: '/accounts/open', name: 'account-open', component: () => import('../features/accounts/pages/AccountOpenPage.vue') },
  { path: '/accounts/:id', name: 'account', component: () => import('../features/accounts/pages/AccountHistoryPage.vue') },
  { path: '/accounts/:id/manage', name: 'account-manage', component: () => import('../features/accounts/pages/AccountManagePage.vue') },
  { path: '/accounts/:id/persons', name: 'account-persons', component: () => import('../features/accounts/pages/AccountPersonsPage.vue') },
  { path: '/accounts/:id/movements/:transfer', name: 'movement', component: () => import('../features/accounts/pages/MovementPage.vue') },
  { path: '/transfer', name: 'transfer', component: () => import('../features/payments/pages/TransferPage.vue') },
  { path: '/payees', name: 'payees', component: () => import('../features/payments/pages/PayeesPage.vue') },
  { path: '/limits', name: 'limits', component: () => import('../features/payments/pages/LimitsPage.vue') },
  { path: '/me', name: 'me', component: () => import('../features/customers/pages/ProfilePage.vue') },
  { path: '/me/security', name: 'security', component: () => import('../features/identity/pages/SecurityPage.vue') },
  { path: '/me/privacy', name: 'privacy', component: () => import('../features/identity/pages/PrivacyPage.vue') },
  { path: '/scan', name: 'scan', component: () => import('../features/identity/pages/ScanPage.vue') },
  { path: '/me/passkeys', name: 'passkeys', component: () => import('../features/identity/pages/PasskeysPage.vue') },
  { path: '/me/totp', name: 'totp', component: () => import('../features/identity/pages/TotpPage.vue') },
  { path: '/me/approvals', name: 'approvals', component: () => import('../features/identity/pages/ApprovalsPage.vue') },
  { path: '/me/devices', name: 'devices', component: () => import('../features/identity/pages/DevicesPage.vue') },
  { path: '/me/sign-ins', name: 'sign-ins', component: () => import('../features/identity/pages/SignInsPage.vue') },
  { path: '/me/sessions', name: 'sessions', component: () => import('../features/identity/pages/SessionsPage.vue') },
  { path: '/me/password', name: 'password', component: () => import('../features/identity/pages/PasswordPage.vue') },
  { path: '/me/pin', name: 'pin', component: () => import('../features/identity/pages/PinPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', meta: { open: true, bare: true }, component: () => import('./NotFoundPage.vue') },
]

/** The router, which asks the bank who is signed in before it opens a page that needs somebody. */
export function createPages(api: Api, answers: QueryClient) {
  const router = createRouter({
    history: createWebHistory(),
    routes: pages,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async (to) => {
    if (to.meta['open'] && to.name !== 'sign-in') return true
    // A lost connection is shown by the page itself, with another try.
    const session = await answers
      .fetchQuery({ queryKey: SESSION_KEY, queryFn: () => fetchSession(api), staleTime: 60_000 })
      .catch(() => undefined)
    if (to.name === 'sign-in') return session ? { name: 'home' } : true
    if (session === null) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    return true
  })
  return router
}
