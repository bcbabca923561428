// What the page of a customer says about erasing them, in both languages.
const zh = {
  title: '注销客户',
  note: '依客户书面申请',
  text: '客户可在手机银行自行申请注销。不便使用手机银行的客户，可凭本人证件到网点填写书面申请，由管理员在此提交。',
  take: '提交书面申请',
  takeText: '提交后有 {days} 天反悔期，客户会收到通知并可撤回。到期后其个人信息不再可见；法律要求留存的资料封存 {years} 年后销毁密钥。名下有未销户的账户时不能提交。',
  seen: '我已当面核验客户本人与证件，并留存书面申请',
  confirm: '确认提交',
  cancel: '取消',
  askedAt: '申请时间',
  dueAt: '注销时间',
  by: '提交方式',
  onPaper: '书面申请',
  bySelf: '客户在手机银行申请',
  pending: '此客户将被注销，在此之前客户可以撤回。',
}

const en: typeof zh = {
  title: 'Erase the customer',
  note: 'At the customer’s request on paper',
  text: 'Customers ask for it in the app. Whoever cannot use it may ask on paper in a branch, with documents; an administrator hands that in here.',
  take: 'Hand in a request on paper',
  takeText: 'There are {days} days in which the customer, who is told, can take it back. Then nothing personal is shown any more; what the law has the bank keep stays sealed for {years} years until its key is destroyed. It cannot be handed in while an account is open.',
  seen: 'I compared the customer with their documents, and the request on paper is filed',
  confirm: 'Hand in',
  cancel: 'Cancel',
  askedAt: 'Asked for',
  dueAt: 'To be erased',
  by: 'How',
  onPaper: 'On paper',
  bySelf: 'In the app',
  pending: 'This customer is to be erased, and can take it back until then.',
}

/** Words of the part by language. */
export const words = { zh, en }
