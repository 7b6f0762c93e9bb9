import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Embedder } from '../../src/model/model.ts'
import { defaults, type AgentDefinition, type BlockDefinition } from '../../src/protocol/definition.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { parseCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import type { ToolContext, ToolReturn } from '../../src/tools/tool.ts'
import { openCloning } from '../support/open-cloning.ts'

/** Real stores in a file of their own, gone after the test file. */
export async function temporaryStores(): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-tools-'))
  const stores = await openEmbeddedStores({ file: join(folder, 'memory.db'), open: openCloning })
  afterAll(async () => {
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  return stores
}

/** Counts words into dimensions: texts that share words are near each other, and the same text has always the same vector. */
export const wordEmbedder: Embedder = {
  model: 'words',
  dimensions: 64,
  embed: async texts =>
    texts.map(text => {
      const vector = new Array<number>(64).fill(0)
      for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? ['']) {
        const index = Array.from(word).reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 64, 7)
        vector[index] = (vector[index] ?? 0) + 1
      }
      return vector
    }),
}

export function block(agentId: string, label: string, more: Partial<BlockDefinition> = {}): BlockDefinition {
  return { label, blockId: `${agentId}/${label}`, description: `About ${label}`, limit: 200, value: '', readOnly: false, ...more }
}

export function definitionOf(agentId: string, more: Partial<AgentDefinition> = {}): AgentDefinition {
  return {
    id: agentId,
    model: defaults.model,
    contextWindow: 2_000,
    instructions: '',
    instructionsEditable: false,
    blocks: [block(agentId, 'human'), block(agentId, 'persona', { value: 'I am Ada.' })],
    tools: defaults.tools,
    pressure: defaults.pressure,
    budget: defaults.budget,
    ...more,
  }
}

let agents = 0
export const freshAgentId = (): string => `agent-${(agents += 1)}`

export function contextOf(stores: Stores, definition: AgentDefinition, more: Partial<ToolContext> = {}): ToolContext {
  const turn = more.turn ?? 1
  return {
    agentId: definition.id,
    definition,
    turn,
    step: 1,
    op: `${definition.id}/${turn}/1/0`,
    turnSeq: 1_000,
    at: '2026-03-01T10:00:00.000Z',
    stores,
    embedder: wordEmbedder,
    signal: new AbortController().signal,
    ...more,
  }
}

const registry = toolRegistry(builtinTools)

/** Parses and runs a call as the runtime does. @throws Error with the model's text where the call is malformed */
export async function call(context: ToolContext, name: string, args: Readonly<Record<string, unknown>>): Promise<Exclude<ToolReturn, string>> {
  const parsed = parseCall({ id: '1', name, arguments: JSON.stringify(args) }, registry, builtinTools.map(tool => tool.name))
  if (!parsed.ok) throw new Error(parsed.error)
  const result = await parsed.tool.run(parsed.args, context)
  return typeof result === 'string' ? { text: result } : result
}

/** A message of recall: what the user said on that day of February 2026. */
export function message(agentId: string, seq: number, text: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { ...unsaid(agentId, seq, text, 'user'), kind: 'user-message', eventId: `e${seq}`, ...more }
}

/** A message that is no event: thoughts, or a tool's result. */
export function unsaid(agentId: string, seq: number, text: string, role: StoredMessage['role']): StoredMessage {
  const at = new Date(Date.UTC(2026, 1, seq, 9, 30)).toISOString()
  return { agentId, op: `${agentId}/${seq}`, seq, turn: seq, step: 0, role, text, tokens: 5, at }
}

/** The result of `send_message`. */
export function said(agentId: string, seq: number, reply: string): StoredMessage {
  return { ...unsaid(agentId, seq, 'Sent.', 'tool'), toolName: 'send_message', callId: 'c', ok: true, reply }
}
