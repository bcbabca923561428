// What the message outbox says, in both languages.
const zh = {
  title: '消息外发箱',
  panel: '外发消息',
  lead: '本行发给客户的短信。验证码与设备名称由服务器脱敏，仅演示银行可在此读取验证码。',
  demoNotice: '未接短信网关：消息只留存在此，不会发出；生产环境由短信网关发送。',
  at: '时间',
  to: '收件人',
  kind: '类型',
  text: '内容',
  state: '状态',
  code: '验证码',
  none: '还没有消息',
  noneHint: '客户注册、登录或动账后，消息会出现在这里。',
  noneFiltered: '已载入的消息中没有符合条件的',
  filter: '筛选',
  filterPlaceholder: '手机尾号或内容',
  older: '载入更早的消息',
  count: '已载入 {n} 条',
  kinds: {
    one_time_code: '验证码',
    movement: '动账通知',
    freeze_changed: '冻结通知',
    new_device: '新设备登录',
    other: '其他',
  },
  states: { kept: '留存', queued: '待发', sent: '已发', delivered: '已送达', failed: '失败' },
}

const en: typeof zh = {
  title: 'Message outbox',
  panel: 'Messages',
  lead: 'Text messages to customers. One-time codes and names of devices are masked on the server; only a demonstration bank shows the codes here.',
  demoNotice: 'Without an SMS gateway messages are kept here and go nowhere; in production a gateway sends them.',
  at: 'Time',
  to: 'To',
  kind: 'Kind',
  text: 'Text',
  state: 'State',
  code: 'Code',
  none: 'No messages yet',
  noneHint: 'Messages appear here when customers sign up, sign in or move money.',
  noneFiltered: 'None of the loaded messages match',
  filter: 'Filter',
  filterPlaceholder: 'Last digits of the phone, or text',
  older: 'Load older messages',
  count: '{n} loaded',
  kinds: {
    one_time_code: 'One-time code',
    movement: 'Movement',
    freeze_changed: 'Freeze',
    new_device: 'New device',
    other: 'Other',
  },
  states: { kept: 'Kept', queued: 'Queued', sent: 'Sent', delivered: 'Delivered', failed: 'Failed' },
}

/** Words of the feature by language. */
export const words = { zh, en }
