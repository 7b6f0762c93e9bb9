import type { Environment } from '../../config/config.ts'
import { redact } from '../../model/redact.ts'
import { decodedComponent } from '../../protocol/decoded-component.ts'

const wholes = ['TEMPORAL_API_KEY', 'QDRANT_API_KEY', 'OPENAI_API_KEY', 'PERDURE_EMBEDDING_API_KEY']
const lists = ['PERDURE_ENCRYPTION_KEYS', 'PERDURE_CODEC_TOKENS']
const addresses = ['MONGODB_URI', 'QDRANT_URL', 'OPENAI_BASE_URL', 'PERDURE_EMBEDDING_BASE_URL']
const secretParameter = /key|token|secret|pass|sig|credential/i

/** Every secret among the settings, in each form in which a driver or a server may repeat it; malformed ones too. */
export function secretsIn(env: Environment): string[] {
  const given = (names: readonly string[]): string[] => names.flatMap((name) => (env[name] === undefined ? [] : [env[name].trim()]))
  const parts = given(lists).flatMap((list) => list.split(',').flatMap((part) => [part.trim(), part.slice(part.indexOf(':') + 1).trim()]))
  const found = [...given(wholes), ...parts, ...given(addresses).flatMap(secretsInAddress)].filter((secret) => secret !== '')
  return [...new Set(found.flatMap((secret) => [secret, encodeURIComponent(secret), decodedComponent(secret)]))].toSorted((a, b) => b.length - a.length)
}

/** Not by `URL`, which refuses several hosts. A user's name is none: hosts and databases often bear the same one. */
function secretsInAddress(address: string): string[] {
  const credentials = /\/\/([^/?]*)@/.exec(address)?.[1] ?? ''
  const password = credentials.includes(':') ? credentials.slice(credentials.indexOf(':') + 1) : ''
  const query = address.includes('?') ? address.slice(address.indexOf('?') + 1) : ''
  const parameters = query.split('&').map((pair) => pair.split('='))
  return [password, ...parameters.flatMap(([key = '', ...value]) => (secretParameter.test(key) ? [value.join('=')] : []))].filter((secret) => secret !== '')
}

/** A text without them. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string => redact(text, secrets)
