import type { ComponentChildren } from 'preact'
import type { AgentChanges } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FormEnd } from '../parts/form-end.tsx'
import { MeanwhileNotice } from './meanwhile-notice.tsx'
import { useChange } from './use-change.ts'

interface TakenProps {
  readonly agent: OpenAgent
  readonly title: string
  readonly send: string
  readonly said: string
  readonly changes: AgentChanges
  readonly onClose: () => void
  /** What it means. */
  readonly children: ComponentChildren
}

/** Asks before something is taken out of the definition. */
export function Taken({ agent, title, send, said, changes, onClose, children }: TakenProps) {
  const change = useChange(agent)
  const take = async (): Promise<void> => {
    if (await change.save(changes, said)) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stacked">
        {children}
        {change.meanwhile.value !== undefined && <MeanwhileNotice meanwhile={change.meanwhile.value} />}
        <FormEnd send={send} onSend={() => void take()} unsendable={change.busy.value} leave="Keep it" onLeave={onClose} problem={change.problem.value} />
      </div>
    </Dialog>
  )
}
