// 我的资料与设置。
export default {
  title: '我的',
  number: '客户号', phone: '手机号', idNumber: '身份证', creditCode: '统一社会信用代码', kycState: '身份核验', address: '地址',
  kyc: { declared: '待核验', verified: '已核验', suspended: '已暂停' },
  money: '转账与回单', limits: '限额管理', payees: '收款人', verify: '回单核验',
  security: '安全与隐私', center: '安全中心', centerNote: '通行密钥、设备、登录记录与密码', set: '已设置', unset: '未设置',
  privacy: '隐私', privacyNote: '授权、数据导出与注销',
  language: '语言', leave: '退出登录',
  documents: {
    sample: '这是演示用的样本文本，不构成法律文件。银行上线时应替换为本行的正式文本。',
    terms: {
      title: '服务协议',
      one: { title: '我们提供什么', text: '开立和使用人民币及外币活期账户，转账，查询明细并下载回单。' },
      two: { title: '您需要做什么', text: '提供真实的身份信息，保管好登录密码、支付密码和设备，发现异常请立即联系我们。' },
      three: { title: '限额与费用', text: '在线开立的二类、三类账户受监管限额约束；目前各项服务不收取费用。' },
      four: { title: '结束服务', text: '您可以随时销户，并在“隐私”中申请注销。协议更新时我们会请您重新确认。' },
    },
    privacy: {
      title: '个人信息保护政策',
      one: { title: '收集什么、为何收集', text: '姓名、身份证号、手机号和地址用于核实身份；设备与登录记录用于保护账户；交易信息用于办理业务。' },
      two: { title: '如何保存', text: '您的个人信息以只属于您的密钥加密保存。客户身份资料和交易信息按《反洗钱法》在业务关系结束后至少保存十年。' },
      three: { title: '不会默认做的事', text: '营销、个性化推荐和向合作方共享均默认关闭，只有您主动同意才会进行，并可随时撤回。' },
      four: { title: '您的权利', text: '您可以在“隐私”中查看和撤回同意、导出您的数据、申请注销并删除个人信息。' },
    },
  },
}
