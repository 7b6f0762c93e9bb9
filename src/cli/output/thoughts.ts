import { jsonObject } from '../../protocol/json.ts'
import type { StoredMessage } from '../../protocol/messages.ts'

/** Inner thoughts of a step: beside its calls, and those that a model with native tool calls writes into their arguments. */
export function thoughtsOf({ text, calls = [] }: Pick<StoredMessage, 'text' | 'calls'>): readonly { readonly call?: number; readonly text: string }[] {
  const within = calls.map(({ arguments: written }, call) => ({ call, text: jsonObject(written)?.inner_thoughts }))
  const thoughts = [{ text }, ...within.flatMap(({ call, text: thought }) => (typeof thought === 'string' ? [{ call, text: thought }] : []))]
  return thoughts.filter((thought) => thought.text.trim() !== '')
}
