import { jsonObject } from '../../protocol/json.ts'
import type { StoredMessage } from '../../protocol/messages.ts'

/** What a step says to the user, before the results of its calls are recorded: by the number of its message and the place of the call. */
export function repliesAskedFor(step: StoredMessage | undefined): readonly (readonly [place: string, reply: string])[] {
  if (step === undefined) return []
  return (step.calls ?? []).flatMap(({ name, arguments: written }, index) => {
    const message = name === 'send_message' ? jsonObject(written)?.['message'] : undefined
    // As it will be recorded.
    const reply = typeof message === 'string' ? message.trim() : ''
    return reply === '' ? [] : [[`${step.seq}/${index}`, reply] as const]
  })
}
