import type { AgentDefinition } from '../../../src/protocol/definition.ts'
import { defaults } from '../../../src/protocol/definition.ts'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { TurnOutcome } from '../../../src/protocol/turn.ts'
import type { StoredAgent } from '../../../src/stores/agents.ts'
import type { BlockVersion } from '../../../src/stores/blocks.ts'

let agents = 0

/** An id that no other test uses. Ids given one after the other are often prefixes of each other, which stores must bear. */
export function freshAgentId(): string {
  agents += 1
  return `t${agents}`
}

/** A moment: `day` of March 2024, at `hour` UTC. */
export const moment = (day: number, hour = 12): string => new Date(Date.UTC(2024, 2, day, hour)).toISOString()

export function sampleAgent(agentId: string, instructions = 'Be kind.'): StoredAgent {
  const definition: AgentDefinition = {
    id: agentId,
    model: defaults.model,
    contextWindow: defaults.contextWindow,
    instructions,
    instructionsEditable: true,
    blocks: [{ label: 'human', blockId: `${agentId}/human`, description: 'The user', limit: 2_000, value: '', readOnly: false }],
    tools: defaults.tools,
    pressure: defaults.pressure,
    budget: defaults.budget,
  }
  return { key: agentId, definition, digest: `digest of ${instructions}`, createdAt: moment(1) }
}

export function sampleMessage(agentId: string, seq: number, text: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { agentId, op: `${agentId}/event/${seq}`, seq, turn: seq, step: 0, role: 'user', text, tokens: 7, at: moment(seq), ...more }
}

export function sampleVersion(blockId: string, version: number, value: string, more: Partial<BlockVersion> = {}): BlockVersion {
  return { blockId, version, value, op: `${blockId}#${version}`, author: 'ada', turn: version, at: moment(version), ...more }
}

export function sampleOutcome(turn: number, more: Partial<TurnOutcome> = {}): TurnOutcome {
  return {
    turn,
    eventId: `event-${turn}`,
    end: 'completed',
    replies: [3],
    figures: { steps: 1, promptTokens: 100, cachedTokens: 50, completionTokens: 10, latencyMs: 20 },
    ...more,
  }
}

/** Text that has broken somebody's store: quotes, wildcards, operators of FTS and of regular expressions, any script. */
export const awkwardTexts = [
  `it's "quoted" \`text\``,
  '100 % of user_name',
  'cat AND NOT dog OR NEAR(bird fish, 2)',
  'column:value -minus ^caret star* "open',
  '(.*)[a-z]+?$ \\d{2} |',
  '{"$where": "1"}; DROP TABLE message; --',
  'Größe für Ärger, naïve façade',
  '東京タワーは高い',
  'party 🎉👩‍👩‍👧 time',
  'tab\tline\nbreak\u0000null',
  'مرحبا हिन्दी ไทย',
] as const
