// 外壳的文字。
export default {
  bank: '远行银行',
  slogan: '行稳，致远。',
  demonstration: '演示银行：客户与交易均为生成数据',
  nav: { label: '主导航', home: '首页', accounts: '账户', transfer: '转账', me: '我的' },
  notFound: { title: '页面不存在', text: '这个页面不存在，或者已经移走了。', home: '回到首页' },
}
