import './chat.css'
import { useSignal } from '@preact/signals'
import type { ViewProps } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { numberIn } from '../shell/address.ts'
import { Composer } from './composer.tsx'
import { Outgoing } from './outgoing.tsx'
import { Scroller } from './scroller.tsx'
import { Stand } from './stand.tsx'

/** What was said: `/chat`; what was said in a turn of the past: `/chat/TURN`. */
export function ChatView({ agent, rest }: ViewProps) {
  const { conversation, outbox } = agent
  const turn = numberIn(rest[0])
  const files = useSignal<readonly File[]>([])
  const drop = (event: DragEvent): void => {
    const { standing: { value: { status } } } = conversation
    if (event.dataTransfer === null || event.dataTransfer.files.length === 0 || status === 'archived' || status === 'gone') return
    event.preventDefault()
    files.value = [...files.value, ...event.dataTransfer.files]
  }
  return (
    <div
      class="chat"
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
      }}
      onDrop={drop}
    >
      <Scroller agent={agent} turn={turn} written={outbox.written.value}>
        <Outgoing agent={agent} outbox={outbox} />
      </Scroller>
      <div class="foot">
        <div class="standing">
          {conversation.problem.value !== undefined && <Problem error={conversation.problem.value} again={() => void conversation.refresh()} />}
          <Stand agent={agent} />
        </div>
        <Composer agent={agent} outbox={outbox} files={files} />
      </div>
    </div>
  )
}
