import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { StoredMessage } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Time } from '../parts/time.tsx'
import { Hits, Why } from './hits.tsx'
import { isLong, matched, Matches } from './matches.tsx'
import { TurnLink } from '../shell/turn-link.tsx'
import { pages } from './pages.ts'

export interface HitsProps {
  readonly agent: OpenAgent
  /** Empty: the newest. */
  readonly text: string
  readonly words: ReadonlySet<string>
}

const pageSize = 20

/** What is searched of a message: what was said by it, where it says something to somebody. */
const saidBy = ({ reply, text }: StoredMessage): string => reply ?? text

export function RecallHits({ agent, text, words }: HitsProps) {
  // Of the whole search: each page of it says the same.
  const near = useSignal<readonly number[]>([])
  const alone = useSignal(false)
  const found = useMemo(
    () =>
      pages<StoredMessage>(pageSize, ({ seq }) => seq, async (place) => {
        const { messages, total, near: nearest = [], byWordsAlone = false } = await agent.client.searchRecall(agent.id, text === '' ? { order: 'newest', conversation: true, ...place } : { text, order: 'relevance', ...place })
        near.value = nearest
        alone.value = byWordsAlone
        return { items: messages, total: total + nearest.length }
      }),
    [agent, text],
  )
  return (
    <Hits pages={found} byWordsAlone={alone.value} empty={text === '' ? 'Nothing was said yet.' : 'No message has any of these words.'}>
      {(message, index) => <RecallHit key={message.seq} agentId={agent.id} message={message} words={words} rank={text === '' ? undefined : index + 1} isNear={near.value.includes(message.seq)} />}
    </Hits>
  )
}

function RecallHit({ agentId, message, words, rank, isNear }: { readonly agentId: string; readonly message: StoredMessage; readonly words: ReadonlySet<string>; readonly rank: number | undefined; readonly isNear: boolean }) {
  const whole = useSignal(false)
  const said = saidBy(message)
  return (
    <li class="card">
      <header>
        <strong>{speakerOf(message, agentId)}</strong>
        <span class="muted">
          <TurnLink agentId={agentId} turn={message.turn} /> · message {message.seq} · <Time at={message.at} />
        </span>
      </header>
      <Matches text={said} wanted={words} whole={whole.value} />
      {isLong(said) && (
        <button type="button" class="quiet" onClick={() => (whole.value = !whole.value)}>
          {whole.value ? 'Show less' : 'Show all of it'}
        </button>
      )}
      {rank !== undefined && <Why rank={rank} words={isNear ? [] : matched(said, words)} otherwise={isNear ? 'has none of the words: merely near by what it means' : 'has another form of the words'} />}
    </li>
  )
}

function speakerOf({ role, reply, toolName, kind }: StoredMessage, agentId: string): string {
  if (reply !== undefined) return agentId
  if (role === 'assistant') return `${agentId}, in thought`
  if (role === 'tool') return `result of ${toolName ?? 'a tool'}`
  return kind === undefined || kind === 'user-message' ? 'a user' : kind
}
