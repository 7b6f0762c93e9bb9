import { isRecord } from '../../protocol/is-record.ts'

type Fields = Readonly<Record<string, unknown>>

/** Of most; of OpenRouter, vLLM, Groq; of Copilot; of gateways before Ollama. */
const names = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'] as const

/** Thoughts that stand in a field of their own. */
export const reasoningIn = (message: Fields): string => names.map((name) => textOf(message[name])).find((text) => text !== '') ?? ''

/** Those that stand in no other field than in the one that is sent back: MiniMax, gateways. What is encrypted there has no text. */
export function reasoningInDetails({ reasoning_details: details }: Fields): string {
  if (!Array.isArray(details)) return ''
  return details
    .flatMap((item: unknown) => (isRecord(item) ? [item['text'] ?? item['summary']] : []))
    .filter((text) => typeof text === 'string')
    .join('')
}

/** Some put it into a record. */
function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  const text = isRecord(given) ? (given['content'] ?? given['text'] ?? given['summary']) : undefined
  return typeof text === 'string' ? text : ''
}
