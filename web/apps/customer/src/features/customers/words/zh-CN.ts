// 我的资料与设置。
export default {
  title: '我的',
  number: '客户号', phone: '手机号', idNumber: '身份证', creditCode: '统一社会信用代码', kycState: '身份核验', address: '地址',
  kyc: { verified: '已核验', pending: '核验中', registered: '已登记', basic: '基本核验', full: '完整核验', none: '未核验', expired: '已过期', unverified: '未核验' },
  money: '转账与回单', limits: '限额管理', payees: '收款人', verify: '回单核验',
  security: '安全', center: '安全中心', centerNote: '通行密钥、设备、登录记录与密码', set: '已设置', unset: '未设置',
  language: '语言', leave: '退出登录',
}
