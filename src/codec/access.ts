/** Where a codec server listens, and who may ask it. */
export interface CodecAccess {
  /** `host:port`. */
  readonly address: string
  /** Every request has to bring one of these. */
  readonly tokens: readonly string[]
  /** Origins of the web pages whose scripts may ask, like `http://localhost:8233`. */
  readonly origins: readonly string[]
}

export const usualCodecAddress = '127.0.0.1:8234'

/** Where Temporal's Web UI is, as a browser on this machine names it. */
export const usualOrigins = (port = 8233): readonly string[] => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]

/** Also a segment of a path, so no character that would have to be escaped there. */
const tokenPattern = /^[\w.~-]{16,}$/

/** By their place: a token is a secret. */
export function tokenProblems(text: string): string[] {
  return readList(text).flatMap((token, index) =>
    tokenPattern.test(token) ? [] : [`token ${index + 1} is not at least 16 letters, digits, ".", "_", "~" or "-"; \`openssl rand -hex 24\` makes one`],
  )
}

export function originProblems(text: string): string[] {
  return readList(text).flatMap((origin, index) =>
    isOrigin(origin) ? [] : [`origin ${index + 1} is not scheme, host and port alone, like http://localhost:8233`],
  )
}

export const readList = (text: string): string[] => text.split(',').map((part) => part.trim())

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
}
