/** All that a history says, its payloads decoded: what somebody sees who looks at it. */
export function historyText(history: unknown): string {
  return JSON.stringify(JSON.parse(JSON.stringify(history)), (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  )
}
