// 转账、收款人与限额。
export default {
  title: '转账',
  from: '付款账户', to: '收款方', choose: '请选择账户', address: '收款账号或手机号', addressHint: '本行客户的账号或已登记的手机号', payeeName: '收款人姓名', amount: '转账金额', memo: '附言', memoOptional: '附言（选填）',
  kinds: { current: '活期账户', foreign: '外币账户' },
  targets: { other: '他人账户', payee: '收款人', own: '本人账户' },
  checking: '正在核对收款人姓名…',
  match: '姓名与账户一致：{payee}',
  close: '姓名与账户相近但不完全一致（{payee}），请与收款人核实后再转账。',
  noMatch: '姓名与该账户不符，无法转账。请核对姓名和账号，谨防诈骗。',
  otherCurrency: '该账户的币种是 {currency}，请换一个付款账户。',
  atMost: '最多可转 {amount}。',
  perTransfer: '单笔限额 {amount}',
  changeLimits: '查看或调整限额',
  noAccount: '没有可用于付款的账户。', noOther: '没有其他同币种的账户。', toAccounts: '查看账户', setPin: '去设置', managePayees: '管理收款人',
  confirm: '确认转账', confirmPay: '确认无误，输入支付密码', enterPin: '请输入 6 位支付密码',
  confirming: '网络中断，正在向银行确认这笔转账的结果。请不要重复转账。',
  stuck: '暂时联系不上银行，结果未知。再次确认只会查询同一笔转账，不会重复付款。',
  askAgain: '再次确认',
  approval: {
    title: '请批准这笔转账', lead: '金额较大，还需用通行密钥批准。以批准页显示的内容为准。', phone: '等待手机批准', phoneHint: '请在手机上打开本行应用，核对后批准。', left: '剩余 {time}',
    here: '在本机批准', sending: '已批准，正在转账…', afresh: '重新发起',
  },
  terms: { to: '收款方', from: '付款账户', capitals: '金额大写', fee: '手续费', when: '到账时间', now: '实时到账' },
  result: { done: '转账成功', at: '转账时间', balance: '账户余额', code: '回单验证码', receipt: '下载回单（PDF）', another: '再转一笔' },
  problems: { address: '请输入正确的账号或手机号。', name: '请输入收款人姓名。', payee: '请选择收款人。' },
  payees: {
    title: '收款人', none: '还没有保存的收款人。', add: '添加收款人', nickname: '备注名（选填）', used: '最近转账 {at}', keep: '保存为收款人', saved: '已保存到收款人。', removeTitle: '删除收款人', removeText: '确定删除收款人 {name} 吗？',
  },
  limits: {
    title: '限额管理', account: '账户', per_transfer: '单笔限额', per_day: '日累计限额', per_month: '月累计限额', used: '已用 {amount}', unlimited: '不限', edit: '调整限额', ceiling: '最高可设 {amount}', over: '超过可设置的上限。', changed: '限额已调整。',
    note: '限额适用于向他人转账。调低即时生效，调高不能超过账户类别的上限。',
  },
}
