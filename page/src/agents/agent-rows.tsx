import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ListedAgent } from '../../../clients/typescript/src/index.ts'
import { memo } from '../parts/memo.ts'
import { printing } from '../parts/printing.ts'
import { AgentRow, type AgentRowProps } from './agent-row.tsx'
import type { InSight } from './in-sight.ts'

/** As high as most rows are, until it is known. */
const rowPixels = 66

type AgentRowsProps = Omit<AgentRowProps, 'agent'> & {
  readonly agents: readonly ListedAgent[]
  /** Rows that are further from what one sees are not drawn; their place stays as high as they were. */
  readonly near: InSight
}

const Row = memo<AgentRowProps>((props) => <AgentRow {...props} />)

function Rows({ agents, near, ...row }: AgentRowsProps) {
  const box = useRef<HTMLDivElement>(null)
  const away = useSignal<number | undefined>(agents.length * rowPixels)
  useEffect(() => {
    const { current } = box
    if (current === null) return
    return near.watch(current, (now, height) => {
      // Where the keyboard is, nothing goes away.
      if (now || current.contains(document.activeElement)) away.value = undefined
      else away.value ??= height
    })
  }, [near])
  const height = printing.value ? undefined : away.value
  return (
    <div class="rows" role="presentation" ref={box} style={height === undefined ? undefined : { height: `${height}px` }}>
      {height === undefined && agents.map((agent) => <Row key={agent.key} agent={agent} {...row} />)}
    </div>
  )
}

/** Drawn again when one of its agents has changed, and not with the rest of the list: a refresh leaves the objects of all others as they are. */
export const AgentRows = memo<AgentRowsProps>((props) => <Rows {...props} />)
