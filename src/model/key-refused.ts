const codes = new Set(['invalid_api_key', 'api_key_invalid', 'authentication_error', 'auth_error', 'permission_error', 'permission_denied', 'unauthorized', 'unauthenticated', 'account_deactivated', '401', '403'])

// Several endpoints refuse a key with 400, or in the body of an answer. Each is the wording of a real one.
const texts = [
  /^(?:incorrect|invalid|malformed|missing|no|expired|unknown) (?:api|access|authentication|subscription)[ _-]?(?:key|token)\b/i, // xAI, gateways
  /^api[ _-]?key (?:is )?(?:not valid|not found|invalid|expired|missing|required)\b/i, // Gemini
  /^missing or invalid authorization header/i, // Gemini
  /^authentication error\b/i, // LiteLLM
  /^login fail\b|^invalid api key\b/i, // MiniMax
  /^(?:无效的令牌|令牌(?:无效|已过期)|未提供令牌)/, // gateways of the one-api family
]

/** Whether a failure that no status of its own tells to be of the key is one nevertheless: asked again, it would come again. */
export const saysKeyRefused = ({ status = 400, code = '', type = '', message }: { readonly status?: number | undefined; readonly code?: string | undefined; readonly type?: string | undefined; readonly message: string }): boolean =>
  status >= 400 && status < 500 && status !== 429 && ([code, type].some((one) => codes.has(one.toLowerCase())) || texts.some((text) => text.test(message)))
