import type { FunctionComponent } from 'preact'
import { ChatView } from './chat/chat-view.tsx'
import { ContextView, isStepAddress } from './context/context-view.tsx'
import { definitionHas, DefinitionView } from './definition/definition-view.tsx'
import { TimeView } from './time/time-view.tsx'
import type { ViewProps } from './live/open-agent.ts'
import { memoryHas, MemoryView } from './memory/memory-view.tsx'
import { areNumbers, type Place } from './shell/address.ts'

export interface View {
  /** In its address: `/agents/NAME/chat`. */
  readonly name: string
  readonly title: string
  readonly Content: FunctionComponent<ViewProps>
  /** Whether it has what follows its name in an address. */
  readonly has: (rest: readonly string[]) => boolean
}

const isTurn = (rest: readonly string[]): boolean => areNumbers(rest, 1)

/** What can be seen of an agent; the first one is shown where an address names none. */
export const views: readonly [View, ...View[]] = [
  { name: 'chat', title: 'Chat', Content: ChatView, has: isTurn },
  { name: 'memory', title: 'Memory', Content: MemoryView, has: memoryHas },
  { name: 'definition', title: 'Definition', Content: DefinitionView, has: definitionHas },
  { name: 'context', title: 'Context', Content: ContextView, has: isStepAddress },
  { name: 'time', title: 'Time', Content: TimeView, has: isTurn },
]

export const viewNamed = (name: string | undefined): View => views.find((one) => one.name === name) ?? views[0]

/** Whether no view has that address. Which agents there are the server knows. */
export const isNowhere = ({ site, agent, view, rest }: Place): boolean =>
  site === 'nowhere' || (agent !== undefined && view !== undefined && !views.some((one) => one.name === view && one.has(rest)))
