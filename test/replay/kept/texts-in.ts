/** Every text of a history: its own strings, and those inside its payloads, which are base64 of JSON there. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  if (isPayload(value)) return [...Object.keys(value.metadata), Buffer.from(value.data, 'base64').toString('utf8')]
  return Object.values(value).flatMap(textsIn)
}

function isPayload(value: object): value is { readonly metadata: object; readonly data: string } {
  return 'metadata' in value && typeof value.metadata === 'object' && value.metadata !== null && 'data' in value && typeof value.data === 'string'
}

/** Words that could tell something: of four characters or more, numbers left out. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}[\p{L}\p{N}]{3,}/gu) ?? []
