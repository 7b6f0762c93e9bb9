import type { FunctionComponent } from 'preact'
import { ChatView } from './chat/chat-view.tsx'
import { ContextView } from './context/context-view.tsx'
import { DefinitionView } from './definition/definition-view.tsx'
import { TimeView } from './time/time-view.tsx'
import type { ViewProps } from './live/open-agent.ts'
import { MemoryView } from './memory/memory-view.tsx'

export interface View {
  /** In its address: `/agents/NAME/chat`. */
  readonly name: string
  readonly title: string
  readonly Content: FunctionComponent<ViewProps>
}

/** What can be seen of an agent; the first one is shown where an address names none. */
export const views: readonly [View, ...View[]] = [
  { name: 'chat', title: 'Chat', Content: ChatView },
  { name: 'memory', title: 'Memory', Content: MemoryView },
  { name: 'definition', title: 'Definition', Content: DefinitionView },
  { name: 'context', title: 'Context', Content: ContextView },
  { name: 'time', title: 'Time', Content: TimeView },
]

export const viewNamed = (name: string | undefined): View => views.find((one) => one.name === name) ?? views[0]
