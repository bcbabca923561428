// The pages of the console, who may open them, and what they are called.
import type { QueryClient } from '@tanstack/vue-query'
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { sessionQuery } from '../features/identity/queries'
import { whenSignedOut } from '../frame/bank'
import type { Role } from '../frame/role'

declare module 'vue-router' {
  interface RouteMeta {
    /** Name of the words of its title. */
    title: string
    /** The least role that may open it; nothing for pages that need no sign-in. */
    needs?: Role
  }
}

const pages: RouteRecordRaw[] = [
  { path: '', redirect: { name: 'customers' }, meta: { title: 'shell.nav.customers' } },
  {
    path: 'customers',
    name: 'customers',
    component: () => import('./pages/ShellSearch.vue'),
    props: (route) => ({ query: String(route.query['query'] ?? '') }),
    meta: { title: 'customers.search.title', needs: 'viewer' },
  },
  {
    path: 'customers/:id',
    name: 'customer',
    component: () => import('./pages/ShellCustomer.vue'),
    props: true,
    meta: { title: 'customers.page.title', needs: 'viewer' },
  },
  {
    path: 'accounts/:id',
    name: 'account',
    component: () => import('../features/accounts/pages/AccountPage.vue'),
    props: true,
    meta: { title: 'accounts.title', needs: 'viewer' },
  },
  {
    path: 'ledger',
    name: 'ledger',
    component: () => import('../features/ledger/pages/LedgerPage.vue'),
    meta: { title: 'ledger.title', needs: 'viewer' },
  },
  {
    path: 'messages',
    name: 'messages',
    component: () => import('../features/messages/pages/OutboxPage.vue'),
    meta: { title: 'messages.title', needs: 'operator' },
  },
  {
    path: 'news',
    name: 'news',
    component: () => import('../features/news/pages/NewsPage.vue'),
    meta: { title: 'news.title', needs: 'operator' },
  },
  {
    path: 'jobs',
    name: 'jobs',
    component: () => import('../features/jobs/pages/JobsPage.vue'),
    meta: { title: 'jobs.title', needs: 'operator' },
  },
  {
    path: 'business-date',
    name: 'business-date',
    component: () => import('../features/ledger/pages/BusinessDatePage.vue'),
    meta: { title: 'ledger.date.title', needs: 'administrator' },
  },
  {
    path: 'audit',
    name: 'audit',
    component: () => import('../features/audit/pages/AuditPage.vue'),
    props: (route) => ({ actor: String(route.query['actor'] ?? ''), subject: String(route.query['subject'] ?? '') }),
    meta: { title: 'audit.title', needs: 'administrator' },
  },
  {
    path: 'policies',
    name: 'policies',
    component: () => import('../features/policies/pages/PoliciesPage.vue'),
    meta: { title: 'policies.title', needs: 'administrator' },
  },
  {
    path: 'third-parties',
    name: 'third-parties',
    component: () => import('../features/identity/pages/ThirdPartiesPage.vue'),
    meta: { title: 'identity.thirdParties.title', needs: 'administrator' },
  },
  {
    path: 'tablets',
    name: 'tablets',
    component: () => import('../features/identity/pages/TabletsPage.vue'),
    meta: { title: 'identity.tablets.title', needs: 'administrator' },
  },
  {
    path: 'countersignatures',
    name: 'countersignatures',
    component: () => import('../features/identity/pages/CountersignaturesPage.vue'),
    meta: { title: 'identity.twoEyes.title', needs: 'operator' },
  },
  {
    path: 'emergencies',
    name: 'emergencies',
    component: () => import('../features/identity/pages/EmergenciesPage.vue'),
    meta: { title: 'identity.twoEyes.emergency.title', needs: 'operator' },
  },
  {
    path: 'staff',
    name: 'staff',
    component: () => import('../features/identity/pages/StaffPage.vue'),
    meta: { title: 'identity.staff.title', needs: 'administrator' },
  },
  {
    path: ':rest(.*)*',
    name: 'not-found',
    component: () => import('./pages/ShellNotFound.vue'),
    meta: { title: 'shell.notFound', needs: 'viewer' },
  },
]

/** The router; it asks who is at the desk before it opens a page. */
export function createShellRouter(client: QueryClient, t: (name: string) => string) {
  const router = createRouter({
    history: createWebHistory('/console/'),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      {
        path: '/sign-in',
        name: 'sign-in',
        component: () => import('./pages/ShellSignIn.vue'),
        props: (route) => ({ to: String(route.query['to'] ?? ''), reason: String(route.query['reason'] ?? '') }),
        meta: { title: 'identity.signIn.title' },
      },
      { path: '/', component: () => import('./ShellLayout.vue'), children: pages, meta: { title: 'shell.console' } },
    ],
  })

  router.beforeEach(async (to) => {
    let staff
    try {
      staff = await client.ensureQueryData(sessionQuery)
    } catch {
      return to.name === 'sign-in' ? true : { name: 'sign-in', query: { to: to.fullPath, reason: 'unreachable' } }
    }
    if (to.name === 'sign-in') return staff ? { name: 'customers' } : true
    if (staff) return true
    return { name: 'sign-in', query: to.fullPath === '/' || to.name === 'customers' ? {} : { to: to.fullPath } }
  })

  router.afterEach(async (to, from) => {
    document.title = `${t(to.meta.title)} · ${t('shell.bank')} ${t('shell.console')}`
    // After the first page, the heading takes the focus, so that a reader hears where one has come.
    if (from.matched.length === 0 || to.path === from.path) return
    await nextTick()
    document.querySelector<HTMLElement>('main h1')?.focus()
  })

  whenSignedOut(() => {
    if (router.currentRoute.value.name === 'sign-in') return
    const to = router.currentRoute.value.fullPath
    client.clear()
    client.setQueryData(sessionQuery.queryKey, null)
    void router.push({ name: 'sign-in', query: { to, reason: 'expired' } })
  })
  return router
}
