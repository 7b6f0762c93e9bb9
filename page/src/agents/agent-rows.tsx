import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ListedAgent } from '../../../clients/typescript/src/index.ts'
import { AgentRow, type AgentRowProps } from './agent-row.tsx'

/** Rows that are further from what one sees are not drawn; their place stays as high as they were. */
const farPixels = 1_500

/** The rows of one page of the list. */
export function AgentRows({ agents, ...row }: { readonly agents: readonly ListedAgent[] } & Omit<AgentRowProps, 'agent'>) {
  const box = useRef<HTMLDivElement>(null)
  const away = useSignal<number | undefined>(undefined)
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const watcher = new IntersectionObserver((entries) => {
      const entry = entries.at(-1)
      if (entry === undefined) return
      // Where the keyboard is, nothing goes away.
      if (entry.isIntersecting || current.contains(document.activeElement)) away.value = undefined
      else away.value ??= entry.boundingClientRect.height
    }, { root: current.closest('.sheet'), rootMargin: `${farPixels}px` })
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [])
  return (
    <div class="rows" role="presentation" ref={box} style={away.value === undefined ? undefined : { height: `${away.value}px` }}>
      {away.value === undefined && agents.map((agent) => <AgentRow key={agent.key} agent={agent} {...row} />)}
    </div>
  )
}
