interface Failure {
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
}

const codes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'account_deactivated', 'exceeded_current_quota_error', 'arrearage', 'insufficient_balance'])

/** Some providers say it with 400, 403 or 429, and only their words tell it from what these mean else. */
const words = /\b(?:insufficient|not enough|no|out of|requires more) (?:account )?(?:credits?|balance|funds)\b|\bcredit balance is too low\b|\bused all available credits\b|余额不足|欠费/i

/** Whether the account of the key has no credit left, or too little for this request: asked again, it would be refused again. */
export const saysEmptyCredit = ({ status, code, type, message }: Failure): boolean =>
  status === 402 || [code, type].some((one) => one !== undefined && codes.has(one.toLowerCase())) || ((status === undefined || (status >= 400 && status < 500)) && words.test(message))

/** OpenRouter counts the longest answer that is allowed, whatever its length will be. */
const forThisAnswer = /fewer max_tokens|can only afford/i

/** What to change. */
export const creditAdvice = (message: string): string => (forThisAnswer.test(message) ? 'add credit there, or allow a shorter answer (sampling.maxOutputTokens)' : 'add credit there')
