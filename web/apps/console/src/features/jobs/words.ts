// What the page about jobs says, in both languages.
const zh = {
  title: '定时任务',
  lead: '到点自动办理的事务。每项每天只办一次；中途中断的，会从中断处接着办完。',
  at: { every: '每天 {at}', workdays: '工作日 {at}' },
  names: { ledger: { verify: '账本全量核验' } },
  none: '尚无记录',
  noneHint: '银行开业不久，到点后才会第一次办理。',
  day: '日期',
  state: '结果',
  states: { done: '已完成', failed: '失败，将重试', begun: '进行中', left: '未完成', skipped: '无需办理' },
  begun: '开始',
  took: '用时',
  tries: '次数',
  notes: '说明',
  failures: '有任务失败，请查看说明；排除原因后会自动重试。',
}

const en: typeof zh = {
  title: 'Jobs',
  lead: 'What runs by itself at its time: once for each day, and to the end. A run that was cut off goes on from where it was.',
  at: { every: 'Every day at {at}', workdays: 'On workdays at {at}' },
  names: { ledger: { verify: 'Verification of the whole ledger' } },
  none: 'Nothing yet',
  noneHint: 'The bank is new; the first run comes at its time.',
  day: 'Day',
  state: 'Outcome',
  states: { done: 'Done', failed: 'Failed, to be tried again', begun: 'Under way', left: 'Not done', skipped: 'Not needed' },
  begun: 'Begun',
  took: 'Took',
  tries: 'Tries',
  notes: 'Notes',
  failures: 'A job has failed: see its notes. It is tried again by itself once the reason is gone.',
}

/** Words of the feature by language. */
export const words = { zh, en }
