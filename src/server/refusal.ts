/** Why a request was refused before any agent had to do with it. These codes are the server's own, beside those of `PerdureError`. */
export const refusalCodes = {
  'not-found': 404,
  'method-not-allowed': 405,
  'key-refused': 401,
  'scope-missing': 403,
  'rate-limited': 429,
  'host-refused': 421,
  'origin-refused': 403,
  'media-type': 415,
  'body-too-large': 413,
  'body-malformed': 400,
  'shutting-down': 503,
  'not-ready': 503,
  'internal': 500,
} as const

export type RefusalCode = keyof typeof refusalCodes

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly headers: Readonly<Record<string, string>>

  /** @param message what was wrong, and what would be right; it is sent to the caller */
  constructor(code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.headers = headers
  }
}
