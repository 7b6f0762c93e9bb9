import type { AgentId } from './ids.ts'

/** Of a block that an agent has of its own. A block of nobody's, which whoever names it shares, has an id without `/`. */
export const ownBlockId = (agentId: AgentId, label: string): string => `${agentId}/${label}`
