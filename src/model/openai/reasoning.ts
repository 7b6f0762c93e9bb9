import { isRecord } from '../../protocol/is-record.ts'

interface Reasoned {
  readonly reasoning_content?: string | null | undefined
  readonly reasoning?: string | null | undefined
  readonly reasoning_details?: unknown
}

/** Thoughts that stand in a field of their own. */
export const reasoningIn = ({ reasoning_content, reasoning }: Reasoned): string => reasoning_content || reasoning || ''

/** Those that stand in no other field than in the one that is sent back: MiniMax, gateways. What is encrypted there has no text. */
export function reasoningInDetails({ reasoning_details: details }: Reasoned): string {
  if (!Array.isArray(details)) return ''
  return details
    .flatMap((item: unknown) => (isRecord(item) ? [item['text'] ?? item['summary']] : []))
    .filter((text) => typeof text === 'string')
    .join('')
}
