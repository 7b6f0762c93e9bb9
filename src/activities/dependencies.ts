import type { ChatModel, Embedder } from '../model/model.ts'
import type { Observe } from '../protocol/observation.ts'
import type { Prices } from '../model/prices.ts'
import type { Stores } from '../stores/stores.ts'
import type { ToolRegistry } from '../tools/registry.ts'
import type { LiveTexts } from './live/live-text.ts'
import type { FaultPoint } from './fault-point.ts'
import type { MessageCache } from './message-cache.ts'

/** The services that a worker gives its activities. */
export interface ActivityDependencies {
  readonly stores: Stores
  readonly model: ChatModel
  readonly embedder: Embedder
  /** Absent: no price is known. */
  readonly prices?: Prices
  readonly tools: ToolRegistry
  /** Whether one line of conversation may go into Temporal's Web UI. */
  readonly uiText: boolean
  readonly faultPoint: FaultPoint
  readonly cache: MessageCache
  /** Shows text as a model writes it. Absent: it is seen when it is stored. */
  readonly live?: LiveTexts
  /** Whether the worker has begun to stop. Absent: it never does. */
  readonly isStopping?: () => boolean
  /** Told up to which sequence number an agent's messages are out of its context, by a compaction or as it begins. When it returns, that is kept. Absent: nobody. */
  readonly leaves?: (agentId: string, left: number) => Promise<void>
  /** Told what is done, when it is done. Absent: nobody. */
  readonly observe?: Observe
}
