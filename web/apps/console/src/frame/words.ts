// Words of the frame every page is built in: states, errors, units, navigation aids.
const zh = {
  state: {
    loading: '正在载入',
    empty: '没有内容',
    retry: '重试',
    failed: '未能载入',
  },
  error: {
    network: '连接不到服务器，请检查网络后重试。',
    unavailable: '服务暂时不可用，请稍后重试。',
    notAllowed: '您的角色无权进行此操作。',
    notSignedIn: '登录已失效，请重新登录。',
    tooMany: '操作过于频繁，请稍后再试。',
    unknown: '出现未预料的错误。',
    code: '错误码 {code}',
  },
  copy: { copied: '已复制', copyWhat: '复制{what}' },
  pickDate: '选择日期',
  staffOf: '员工 …{end}',
  live: { on: '实时更新', off: '已暂停', pause: '暂停更新', resume: '恢复更新' },
}

const en: typeof zh = {
  state: {
    loading: 'Loading',
    empty: 'Nothing here',
    retry: 'Try again',
    failed: 'Could not load',
  },
  error: {
    network: 'The server cannot be reached. Check the network and try again.',
    unavailable: 'The service is unavailable for the moment. Try again shortly.',
    notAllowed: 'Your role does not allow this.',
    notSignedIn: 'Your session has ended. Please sign in again.',
    tooMany: 'Too many requests. Try again shortly.',
    unknown: 'Something unexpected went wrong.',
    code: 'Error code {code}',
  },
  copy: { copied: 'Copied', copyWhat: 'Copy {what}' },
  pickDate: 'Choose a date',
  staffOf: 'Staff …{end}',
  live: { on: 'Live', off: 'Paused', pause: 'Pause updates', resume: 'Resume updates' },
}

/** Words of the frame by language. */
export const words = { zh, en }
