// 登录、注册、设备与密码。
export default {
  promise: '账户、转账与每一笔明细，清清楚楚，随身同行。',
  phone: '手机号',
  name: '手机号或客户号',
  fullName: '真实姓名',
  idNumber: '身份证号码', idNumberOrCredit: '身份证号码（企业填统一社会信用代码）',
  signIn: { title: '登录', way: '登录方式', byPassword: '密码登录', byCode: '验证码登录', byScan: '扫码登录', submit: '登录', passkey: '用通行密钥登录', instead: { code: '没有验证器？用短信验证码', totp: '改用验证器', password: '改用登录密码' }, or: '或', newHere: '还不是客户？', open: '立即注册', verify: '验证回单' },
  reset: {
    title: '找回密码', lead: '验证手机号和证件号码后，设置新的登录密码。', done: '新密码已设置，请重新登录。', back: '返回登录', forgot: '忘记密码？',
    waits: '已收到申请。{at} 起，可在本设备设置新密码。', waitsWhy: '本行不认识这台设备。为防止他人盗用手机号，需要等待一段时间；如是他人操作，机主可随时拒绝。',
    waitsHow: '届时请在本设备再次打开“找回密码”，最迟 {until}。如需立即办理，请携带身份证到网点。在常用设备上找回无需等待。', ready: '等待已结束，请重新获取验证码并设置新密码。',
  },
  recovery: { warning: '有人在“{device}”上申请找回您的登录密码，{at} 后可设置新密码。若非本人操作，请立即拒绝。', refuse: '不是我，拒绝', refused: '已拒绝，原密码仍然有效。' },
  scan: {
    title: '扫码登录', note: '扫描网上银行的二维码', code: '登录二维码', lead: '打开手机银行，在“安全中心 · 扫码登录”中扫描。', renew: '刷新二维码',
    numberLead: '请在手机上输入这个数字', numberWarn: '请勿把数字告诉任何人。', ask: '有一个页面请求用您的账户登录。请确认它就在您面前。',
    device: '请求登录的设备', channel: '登录渠道', network: '所在网络', sameNetwork: '与手机相同', otherNetwork: '与手机不同', number: '页面上显示的数字',
    numberProblem: '请输入页面上显示的两位数字。', beware: '如果二维码是别人发给您的，请拒绝：对方想登录您的账户。', allow: '允许登录', refuse: '拒绝',
    approved: '已允许，页面即将登录。', refused: '已拒绝，页面没有登录。', cameraLead: '在电脑上打开网上银行，选择“扫码登录”，然后用相机对准二维码。', camera: '相机画面',
    foreign: '这不是本行网上银行的登录二维码。', noCamera: '无法使用相机，请在浏览器中允许使用相机，或用手机自带相机扫描。', open: '打开相机', home: '返回首页',
  },
  signUp: { title: '注册', steps: '注册步骤', leadPhone: '先验证您的手机号。', leadWho: '请填写与证件一致的信息。', submit: '注册', already: '已有账号？', agree: '我已阅读并同意', and: '和', fresh: '请先阅读并同意协议。' },
  code: { label: '短信验证码', send: '获取验证码', resend: '重新获取', again: '{seconds} 秒后可重发', sent: '验证码已发送，请查收短信。' },
  password: {
    title: '修改登录密码', label: '登录密码', old: '当前密码', fresh: '新密码', again: '再次输入密码', hint: '至少 {length} 个字符，字母与数字混合。',
    show: '显示密码', hide: '隐藏密码', done: '登录密码已修改。', byPasskey: '忘记当前密码？用通行密钥验证', byOld: '用当前密码验证',
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
    title: '登录状态', lead: '如有不认识的设备，请立即退出并修改密码。', unknown: '未知设备', seen: '最近使用 {at}', since: '登录于 {at}', current: '本机',
    end: '退出登录', endTitle: '退出该设备', endText: '“{device}”将立即退出登录。',
  },
  security: {
    title: '安全中心', ways: '登录方式', where: '设备与记录', money: '支付安全', count: '{count} 个',
    numberHeld: '运营商告知您手机号的 SIM 卡近期更换过。{at} 前，不能只凭短信验证码在新设备上登录，也不能设置支付密码和新的登录方式。若不是您本人更换，请立即联系运营商和本行。',
    levels: { good: '安全等级：高', fair: '安全等级：中', low: '安全等级：低' },
    advice: {
      passkey: '添加通行密钥，用指纹或面容登录，不怕密码被骗。', pin: '设置支付密码，转账更安全。', none: '主要防护均已开启，请定期查看登录记录。',
    },
  },
  passkeys: {
    title: '通行密钥', note: '用指纹、面容或屏幕密码登录', lead: '通行密钥保存在您的设备上，用指纹、面容或屏幕密码解锁，不会被钓鱼网站骗走。',
    none: '还没有通行密钥', unnamed: '未命名的通行密钥', used: '最近使用 {at}', unused: '尚未使用', synced: '已在您的设备间同步', local: '仅保存在这台设备或安全钥匙上',
    add: '在本机添加通行密钥', added: '通行密钥已添加，下次可直接用它登录。', remove: '移除', removeTitle: '移除通行密钥',
    removeText: '移除“{name}”后，将不能再用它登录。设备上保存的密钥可在系统设置中删除。', unsupported: '当前浏览器不支持通行密钥，请换用系统自带浏览器。',
  },
  totp: {
    title: '验证器', note: '动态码，不依赖短信', lead: '验证器是手机上的应用，每 30 秒显示一个新的 6 位动态码。在新设备上登录时，可用它代替短信验证码：没有信号、更换号码时也能用。',
    none: '还没有设置验证器', since: '启用于 {at}', used: '最近使用 {at}', unused: '尚未使用', add: '设置验证器', replace: '更换验证器', remove: '移除',
    stepAdd: '1. 添加到验证器', picture: '添加到验证器的二维码', scan: '用验证器应用扫描二维码。任何支持动态码（TOTP）的验证器都可以。', here: '验证器就在本机？点此添加', type: '无法扫描时，在验证器中手动输入密钥：', key: '密钥',
    secrecy: '密钥只显示这一次，请勿截图或告诉任何人。请在 {minutes} 分钟内完成。', stepConfirm: '2. 输入动态码', code: '验证器动态码', codeHint: '验证器上显示的 6 位数字', confirm: '确认启用',
    added: '验证器已启用。在新设备上登录时，除密码外还需要它的动态码。', removeTitle: '移除验证器', removeText: '移除后，它的动态码不再有效。请同时在验证器应用中删除“远行”这一项。',
  },
  devices: {
    title: '我的设备', note: '移除后立即退出登录', lead: '登录过的设备各有一把不能导出的密钥，别人拿走登录凭证也无法冒用。不认识的设备请立即移除。',
    trust: { trusted: '可信设备：密钥可作为第二重验证', bound: '已绑定密钥', known: '未绑定密钥' }, seen: '最近登录 {at}',
    remove: '移除', removeTitle: '移除设备', removeText: '“{name}”将立即退出登录，再次使用时视为新设备。',
  },
  approvals: {
    title: '待批准的交易', note: '手机就是安全钥匙', lead: '向他人转账金额较大时，需用通行密钥批准。请逐项核对后再批准。', none: '没有等待批准的交易', count: '{count} 笔',
    row: '转账给 {payee}', unknownRow: '无法显示的操作', until: '{at} 前有效',
    ask: '请核对并批准', transfer: '转账', payee: '收款人', account: '收款账号', from: '付款账号', device: '发起设备', at: '发起时间', left: '剩余 {time}',
    approve: '批准', refuse: '拒绝', beware: '只批准您本人发起的转账。本行和任何机关都不会要求您批准转账。',
    unknown: '当前版本无法完整显示这项操作，因此不能批准。请更新应用。',
    states: { approved: '已批准。', used: '已批准，转账已提交。', refused: '已拒绝，资金未转出。', expired: '未在时限内批准，资金未转出。' },
  },
  calls: {
    title: '有电话请求以您的名义登录', lead: '{at}，有人用您的手机号致电“{system}”。如果是您本人，请输入通话中播报的两位数字。', number: '通话中播报的数字',
    numberProblem: '请输入通话中播报的两位数字。', beware: '如果您没有致电，或数字是别人告诉您的，请拒绝。', allow: '允许登录', refuse: '不是我，拒绝',
    approved: '已允许，请继续通话。', refused: '已拒绝，对方没有登录。',
  },
  proof: { title: '请验证是您本人', lead: '此操作涉及账户安全。', passkey: '用通行密钥验证', totp: '用验证器动态码验证', password: '改用登录密码' },
  signIns: {
    title: '登录记录', lead: '最近 180 天谁登录过、被拒绝过。如非本人操作，请立即修改密码并联系客服。', none: '暂无登录记录', more: '查看更早的记录',
    done: '{method}登录成功', refused: '{method}登录被拒绝',
    methods: { sign_up: '注册', password: '密码', password_and_code: '密码和验证码', password_and_totp: '密码和验证器', password_alone: '密码（未通过新设备验证）', code: '验证码', passkey: '通行密钥', scan: '扫码', call_pin: '电话和支付密码', call_approval: '电话和手机批准' },
    channels: { app: '手机银行', web: '网上银行', mini_program: '小程序', phone: '电话银行', branch: '网点', open_api: '开放接口', console: '员工控制台' },
  },
  privacy: {
    title: '隐私',
    choices: { title: '您的授权', lead: '以下用途默认关闭，不开启不影响使用任何服务，可随时关闭。' },
    purposes: {
      marketing: { title: '营销信息', note: '通过短信和电话向您介绍产品与活动' },
      personalization: { title: '个性化推荐', note: '根据您的使用习惯为您挑选内容' },
      sharing: { title: '向合作方共享', note: '向合作机构提供办理其服务所需的信息' },
    },
    documents: { title: '协议', agreed: '{on} 已同意第 {version} 版', never: '尚未同意', fresh: '请阅读第 {version} 版', agree: '同意' },
    copy: { title: '您的数据', lead: '身份资料、账户、交易明细、收款人、设备和登录记录，汇成一个 JSON 文件。文件含完整个人信息，请妥善保管。', take: '导出我的数据', done: '已导出，请在下载文件中查看。' },
    erasure: {
      title: '注销', lead: '注销后将删除您的个人信息，且无法恢复。请先转出余额并销户。', ask: '注销并删除个人信息', accounts: '查看我的账户',
      confirmTitle: '确认申请注销？', send: '申请注销',
      points: {
        days: '提交后 {days} 天内可随时在本页撤回。', gone: '到期后所有设备立即退出，姓名、证件、手机号、收款人、设备和登录记录全部删除。',
        kept: '开过账户的，法律要求银行保存的身份资料和交易信息将加密封存 {years} 年后销毁，期间不向任何人展示。', copy: '如需留存，请先导出您的数据。',
      },
      waiting: '注销申请已受理，将于 {at} 删除您的个人信息。', withdraw: '撤回注销申请',
    },
  },
  branch: {
    title: '网点平板', lead: '请输入管理员为这台平板登记时得到的登记码。', code: '登记码', codeHint: '20 位字母和数字，短横线可省略', codeProblem: '登记码为 20 位字母和数字，请核对。',
    submit: '启用', done: '已启用，这台平板是“{name}”。', go: '前往登录', leaving: '您还在吗？为保护您的信息，{seconds} 秒后自动退出。', stay: '我还在',
  },
  problems: {
    phone: '请输入 11 位手机号。', name: '请输入手机号或客户号。', password: '请输入密码。', code: '请输入 6 位验证码。', totp: '请输入验证器上显示的 6 位动态码。', fullName: '请输入真实姓名。',
    idNumber: '身份证号码不正确，请核对。', short: '密码至少 {length} 个字符。', again: '两次输入的密码不一致。',
  },
}
