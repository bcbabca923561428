// Words of the shell, and all words of the console by language.
import { words as accounts } from '../features/accounts/words'
import { words as audit } from '../features/audit/words'
import { words as customers } from '../features/customers/words'
import { words as identity } from '../features/identity/words'
import { words as jobs } from '../features/jobs/words'
import { words as ledger } from '../features/ledger/words'
import { words as messages } from '../features/messages/words'
import { words as news } from '../features/news/words'
import { words as policies } from '../features/policies/words'
import { words as frame } from '../frame/words'

const zh = {
  bank: '远行',
  console: '运营控制台',
  skip: '跳到正文',
  menu: '主导航',
  openMenu: '打开导航',
  closeMenu: '关闭导航',
  language: '切换语言',
  signOut: '退出登录',
  quickSearch: '查客户或账户',
  quickSearchHint: '按 / 聚焦',
  businessDate: '营业日',
  demonstration: '演示银行：客户与交易均为生成数据',
  notFound: '没有这个页面',
  notFoundHint: '地址有误，或页面已移走。',
  notAllowed: '无权查看',
  notAllowedHint: '您的角色（{role}）不能打开这个页面。',
  home: '回到客户查询',
  nav: {
    service: '客户服务',
    operations: '运行',
    administration: '管理',
    customers: '客户与账户',
    ledger: '账本',
    messages: '消息外发箱',
    news: '消息投递',
    jobs: '定时任务',
    date: '营业日',
    staff: '员工',
    thirdParties: '第三方',
    tablets: '网点平板',
    audit: '审计日志',
    policies: '权限策略',
    countersignatures: '双人复核',
    emergencies: '紧急授权',
  },
}

const en: typeof zh = {
  bank: 'Yuanhang',
  console: 'Console',
  skip: 'Skip to content',
  menu: 'Main navigation',
  openMenu: 'Open navigation',
  closeMenu: 'Close navigation',
  language: 'Switch language',
  signOut: 'Sign out',
  quickSearch: 'Find customer or account',
  quickSearchHint: 'Press / to focus',
  businessDate: 'Business date',
  demonstration: 'A demonstration bank: its customers and movements are generated.',
  notFound: 'No such page',
  notFoundHint: 'The address is wrong, or the page has moved.',
  notAllowed: 'Not allowed',
  notAllowedHint: 'Your role ({role}) may not open this page.',
  home: 'Back to customer search',
  nav: {
    service: 'Customer service',
    operations: 'Operations',
    administration: 'Administration',
    customers: 'Customers and accounts',
    ledger: 'Ledger',
    messages: 'Message outbox',
    news: 'News',
    jobs: 'Jobs',
    date: 'Business date',
    staff: 'Staff',
    thirdParties: 'Third parties',
    tablets: 'Branch tablets',
    audit: 'Audit record',
    policies: 'Policies',
    countersignatures: 'Two pairs of eyes',
    emergencies: 'Emergencies',
  },
}

/** All words of the console in Chinese. */
export const zhWords = {
  shell: zh,
  frame: frame.zh,
  identity: identity.zh,
  customers: customers.zh,
  accounts: accounts.zh,
  audit: audit.zh,
  ledger: ledger.zh,
  messages: messages.zh,
  news: news.zh,
  jobs: jobs.zh,
  policies: policies.zh,
}

/** All words of the console in English. */
export const enWords: typeof zhWords = {
  shell: en,
  frame: frame.en,
  identity: identity.en,
  customers: customers.en,
  accounts: accounts.en,
  audit: audit.en,
  ledger: ledger.en,
  messages: messages.en,
  news: news.en,
  jobs: jobs.en,
  policies: policies.en,
}
