// What the customer search and the customer page say, in both languages.
const zh = {
  search: {
    title: '客户查询',
    lead: '按姓名、手机号、证件号、客户编号或账号查询。结果均已脱敏。',
    label: '查询条件',
    placeholder: '姓名 / 手机号 / 证件号 / 客户编号 / 账号',
    submit: '查询',
    customers: '客户',
    start: '输入条件开始查询',
    startHint: '手机号、证件号、客户编号与账号须完整输入；姓名须为全名。',
    none: '没有符合条件的客户',
    noneHint: '请核对是否完整输入；出于隐私保护，不支持模糊查询。',
    count: '{n} 位客户',
  },
  field: {
    name: '姓名',
    kind: '类型',
    phone: '手机号',
    idNumber: '证件号',
    creditCode: '统一社会信用代码',
    kyc: '身份核验',
    id: '客户编号',
    division: '行政区划',
    registeredAt: '建档时间',
  },
  kind: { person: '个人', business: '企业' },
  kyc: { declared: '已登记', verified: '已核验', suspended: '已暂停' },
  kycHint: {
    declared: '资料由客户提供，尚未核验。',
    verified: '姓名、证件号与手机号机主一致。',
    suspended: '资料不一致或证件过期，不得开立新账户。',
  },
  page: {
    title: '客户',
    profile: '基本资料',
    masked: '资料已由服务器脱敏',
    notFound: '没有这位客户',
    notFoundHint: '客户编号有误，或其资料已依法删除。',
    back: '返回查询',
  },
}

const en: typeof zh = {
  search: {
    title: 'Customer search',
    lead: 'By name, phone, ID number, customer id or account number. Results are masked.',
    label: 'Search for',
    placeholder: 'Name, phone, ID number, customer id or account number',
    submit: 'Search',
    customers: 'Customers',
    start: 'Enter something to search for',
    startHint: 'Phone, ID number, customer id and account number must be complete; names must be full names.',
    none: 'No customer matches',
    noneHint: 'Check that the entry is complete; to protect privacy, partial matches are not offered.',
    count: '{n} customer | {n} customers',
  },
  field: {
    name: 'Name',
    kind: 'Kind',
    phone: 'Phone',
    idNumber: 'ID number',
    creditCode: 'Credit code',
    kyc: 'KYC',
    id: 'Customer id',
    division: 'Division',
    registeredAt: 'Registered',
  },
  kind: { person: 'Person', business: 'Business' },
  kyc: { declared: 'Declared', verified: 'Verified', suspended: 'Suspended' },
  kycHint: {
    declared: 'Given by the customer, not yet verified.',
    verified: 'Name, ID number and owner of the phone agree.',
    suspended: 'Data disagree or documents expired: no new accounts.',
  },
  page: {
    title: 'Customer',
    profile: 'Profile',
    masked: 'Masked on the server',
    notFound: 'No such customer',
    notFoundHint: 'The customer id is wrong, or the data was erased by law.',
    back: 'Back to search',
  },
}

/** Words of the feature by language. */
export const words = { zh, en }
