import { randomUUID } from 'node:crypto'
import type { PerdureClient } from '../../client/client.ts'
import type { AsideMessage } from '../../protocol/aside.ts'
import type { Answered, AnswerPiece } from './answer-pieces.ts'
import { textOf, type ChatMessage } from './chat-request.ts'

const suffix = ':aside'

/** The agent that a model names, and whether all that is asked of it is aside: `ada:aside`. */
export const namedModel = (model: string): { readonly agent: string; readonly aside: boolean } =>
  model.endsWith(suffix) ? { agent: model.slice(0, -suffix.length), aside: true } : { agent: model, aside: false }

export interface AskedAside {
  readonly agent: string
  /** The whole conversation, which its client keeps: the agent does not. */
  readonly chat: readonly ChatMessage[]
  readonly maxOutputTokens: number | undefined
  readonly leave: AbortSignal
}

/** The answer comes in one piece. */
export function asidePieces(client: Pick<PerdureClient, 'aside'>, { agent, chat, maxOutputTokens, leave }: AskedAside): Answered {
  const pieces = async function* (): AsyncGenerator<AnswerPiece> {
    const { text, usage, ended } = await client.aside(agent, chat.flatMap(asideMessage), { signal: leave, ...(maxOutputTokens !== undefined && { maxOutputTokens }) })
    if (text !== '') yield { type: 'text', text }
    yield { type: 'end', usage, calls: [], ...(ended && { ended }) }
  }
  return { eventId: `aside-${randomUUID()}`, pieces: pieces() }
}

/** Calls, and their results, say nothing to a model that has no tools. */
function asideMessage(message: ChatMessage): readonly AsideMessage[] {
  const role = message.role === 'developer' ? 'system' : message.role
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return []
  const text = textOf(message)
  return text === '' && role !== 'user' ? [] : [{ role, text }]
}
