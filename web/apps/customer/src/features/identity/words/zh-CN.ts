// 登录、注册、设备与密码。
export default {
  promise: '账户、转账与每一笔明细，清清楚楚，随身同行。',
  phone: '手机号',
  name: '手机号或客户号',
  fullName: '真实姓名',
  idNumber: '身份证号码',
  signIn: { title: '登录', way: '登录方式', byPassword: '密码登录', byCode: '验证码登录', submit: '登录', newHere: '还不是客户？', open: '立即注册', verify: '验证回单' },
  reset: { title: '找回密码', lead: '验证手机号后设置新的登录密码。', done: '新密码已设置，请重新登录。', back: '返回登录', forgot: '忘记密码？' },
  signUp: { title: '注册', steps: '注册步骤', leadPhone: '先验证您的手机号。', leadWho: '请填写与证件一致的信息。', submit: '注册', already: '已有账号？' },
  code: { label: '短信验证码', send: '获取验证码', resend: '重新获取', again: '{seconds} 秒后可重发', sent: '验证码已发送，请查收短信。' },
  password: {
    title: '修改登录密码', label: '登录密码', old: '当前密码', fresh: '新密码', again: '再次输入密码', hint: '至少 {length} 个字符，字母与数字混合。',
    show: '显示密码', hide: '隐藏密码', done: '登录密码已修改。',
  },
  pin: {
    title: '支付密码', first: '请设置 6 位数字支付密码', second: '请再次输入支付密码', easy: '密码过于简单，请换一个。', differs: '两次输入不一致，请重新设置。',
    why: '设置支付密码前，请先确认是您本人。', done: '支付密码已设置。',
  },
  welcome: {
    pinTitle: '设置支付密码', pinLead: '转账和修改限额时需要输入，请勿告诉他人。',
    accountTitle: '开立第一个账户', accountLead: '人民币活期账户，即刻可用。',
    instant: '在线开立，即时生效', limits: '限额清晰，可随时调整', more: '随时增开外币账户', open: '开立账户', later: '以后再说',
  },
  sessions: {
    title: '登录设备', lead: '如有不认识的设备，请立即退出并修改密码。', unknown: '未知设备', seen: '最近使用 {at}', since: '登录于 {at}', current: '本机',
    end: '退出登录', endTitle: '退出该设备', endText: '“{device}”将立即退出登录。',
  },
  problems: {
    phone: '请输入 11 位手机号。', name: '请输入手机号或客户号。', password: '请输入密码。', code: '请输入 6 位验证码。', fullName: '请输入真实姓名。',
    idNumber: '身份证号码不正确，请核对。', short: '密码至少 {length} 个字符。', again: '两次输入的密码不一致。',
  },
}
