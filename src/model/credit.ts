interface Failure {
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

const codes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'exceeded_current_quota_error', 'arrearage', 'insufficient_balance', 'budget_exceeded'])

/** Some providers say it with 400, 403 or 429, and only their words tell it from what these mean else. */
const words = /\b(?:insufficient|not enough|no|out of|requires more) (?:account )?(?:credits?(?![ -]card)|balance|funds)\b|\bcredit balance is too low\b|\bused all available credits\b|(?<!\b(?:tokens?|thinking|reasoning|rate|requests?|context|output|time) )\bbudget has been exceeded\b|\breached your specified (?:API )?usage limits\b|余额不足|欠费/i

/** What may stand before these words where the endpoint says them itself. Behind a colon or a quotation mark it may repeat what the prompt says. */
const before = /^[^\n:"'`“‘«「{[]{0,60}$/

/** Whether the account of the key has no credit left, or too little for this request: asked again, it would be refused again. */
export const saysEmptyCredit = (failure: Failure): boolean =>
  failure.status === 402 || [failure.code, failure.type].some((one) => one !== undefined && codes.has(one.toLowerCase())) || saysItInWords(failure)

function saysItInWords({ status, code, message, retryAfterMs }: Failure): boolean {
  if (status !== undefined && (status < 400 || status >= 500)) return false
  // Who says how long to wait expects that the same request will be answered then.
  if (status === 429 && retryAfterMs !== undefined && code === undefined) return false
  const at = message.search(words)
  // A refusal of the request itself may hold a piece of it, and an agent may talk of money.
  return at >= 0 && ((status !== 400 && status !== 422) || before.test(message.slice(0, at)))
}

/** OpenRouter counts the longest answer that is allowed, whatever its length will be. */
const forThisAnswer = /fewer max_tokens|can only afford/i

/** Set by whoever runs the gateway, or the account. */
const ofBudget = /\bbudget\b|\bspecified (?:API )?usage limits\b/i

/** What to change. */
export const creditAdvice = (message: string): string => (ofBudget.test(message) ? 'raise the budget that is set there' : forThisAnswer.test(message) ? 'add credit there, or allow a shorter answer (sampling.maxOutputTokens)' : 'add credit there')
