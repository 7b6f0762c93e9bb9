import './chat.css'
import { useEffect, useMemo } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { Composer } from './composer.tsx'
import { openOutbox } from './outbox.ts'
import { Outgoing } from './outgoing.tsx'
import { Scroller } from './scroller.tsx'
import { Stand } from './stand.tsx'

export function ChatView({ agent }: ViewProps) {
  const { id, client, conversation } = agent
  const outbox = useMemo(() => openOutbox({ client, conversation, agentId: id }), [agent])
  useEffect(() => () => outbox.close(), [outbox])
  return (
    <div class="chat">
      <Scroller agent={agent}>
        <Outgoing agent={agent} outbox={outbox} />
      </Scroller>
      <div class="foot">
        <div class="standing">
          {conversation.problem.value !== undefined && <Problem error={conversation.problem.value} again={() => void conversation.refresh()} />}
          <Stand agent={agent} />
        </div>
        <Composer agent={agent} outbox={outbox} />
      </div>
    </div>
  )
}
