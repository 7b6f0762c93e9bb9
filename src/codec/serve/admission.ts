import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/** The origin of the web page that asks, to be named in the answer; undefined for a program that is no page. @throws Refusal 403 */
export function admittedOrigin({ headers: { origin } }: IncomingMessage, origins: readonly string[]): string | undefined {
  if (origin === undefined || origins.includes(origin)) return origin
  throw new Refusal(403, 'origin-not-allowed', 'pages of this origin may not ask; PERDURE_CODEC_ORIGINS names those that may')
}

/** @param inPath what stands before the action in the path, for Web UIs that send no header @throws Refusal 401 */
export function assertToken({ headers: { authorization = '' } }: IncomingMessage, inPath: string | undefined, tokens: readonly string[]): void {
  const [, inHeader] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const given = [inHeader, inPath].flatMap((token) => (token === undefined ? [] : [tokenDigest(token)]))
  // Every pair is compared, each in constant time: how long it takes tells nothing of a token.
  const matches = tokens.flatMap((token) => given.map((digest) => timingSafeEqual(digest, tokenDigest(token))))
  if (matches.includes(true)) return
  throw new Refusal(401, 'token-refused', 'send one of PERDURE_CODEC_TOKENS as "Authorization: Bearer TOKEN", or before the action: /TOKEN/decode', {
    'www-authenticate': 'Bearer',
  })
}

const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest()
