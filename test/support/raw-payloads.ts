export interface RawPayload {
  /** Where it is: names of fields and places in lists, joined by dots. */
  readonly path: string
  readonly encoding: string
  readonly keyId: string | undefined
  readonly text: string
}

/** The payloads of a history that is plain JSON, as the server has them. */
export function payloadsIn(value: unknown, path = ''): RawPayload[] {
  if (typeof value !== 'object' || value === null) return []
  if (!isPayload(value)) return Object.entries(value).flatMap(([name, part]) => payloadsIn(part, `${path}.${name}`))
  const { encoding = '', 'encryption-key-id': keyId } = value.metadata
  return [{ path, encoding: decoded(encoding), keyId: keyId === undefined ? undefined : decoded(keyId), text: decoded(value.data) }]
}

/** Every text of such a history, payloads decoded from base64, but for what is under a field of these names. */
export function textsOutside(value: unknown, except: readonly string[]): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  if (isPayload(value)) return [...Object.entries(value.metadata).flatMap(([name, bytes]) => [name, decoded(bytes)]), decoded(value.data)]
  return Object.entries(value).flatMap(([name, part]) => (except.includes(name) ? [] : [name, ...textsOutside(part, except)]))
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1')

function isPayload(value: object): value is { readonly metadata: Readonly<Record<string, string>>; readonly data: string } {
  return 'metadata' in value && typeof value.metadata === 'object' && value.metadata !== null && 'data' in value && typeof value.data === 'string'
}
