import { jsonObject } from '../../protocol/json.ts'
import type { StoredMessage, ToolCall } from '../../protocol/messages.ts'

/** A call as one would write it. Arguments that are no JSON stand as they are. */
export function callText({ name, arguments: written }: ToolCall): string {
  const args = jsonObject(written)
  if (args === undefined) return `${name}(${written})`
  const shown = Object.entries(args).filter(([key]) => key !== 'inner_thoughts' && key !== 'request_heartbeat')
  const heartbeat = args.request_heartbeat === true ? ' ↻' : ''
  return `${name}(${shown.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')})${heartbeat}`
}

/** Inner thoughts of a step: beside its calls, and those that a model with native tool calls writes into their arguments. */
export function thoughtsOf({ text, calls = [] }: Pick<StoredMessage, 'text' | 'calls'>): readonly { readonly call?: number; readonly text: string }[] {
  const within = calls.map(({ arguments: written }, call) => ({ call, text: jsonObject(written)?.inner_thoughts }))
  const thoughts = [{ text }, ...within.flatMap(({ call, text: thought }) => (typeof thought === 'string' ? [{ call, text: thought }] : []))]
  return thoughts.filter((thought) => thought.text.trim() !== '')
}
