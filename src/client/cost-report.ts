import { addUsage, type Spending } from '../protocol/cost.ts'
import type { StepUsage } from '../protocol/messages.ts'
import { tenantOf, type Tenant } from '../protocol/tenant.ts'
import type { TurnEnd, TurnReason } from '../protocol/turn.ts'
import { stepsOf, summariesOf } from '../stores/spent.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'

/** `costMicros` in millionths of a US dollar; `unpriced` counts those whose price was not known, which `costMicros` lacks. */
export interface CostLine extends Readonly<Spending> {
  readonly steps: number
  readonly summaries: number
  /** Questions that were asked of the agent aside. */
  readonly asides: number
  /** Milliseconds that the model took. */
  readonly latencyMs: number
}

export interface TurnCost extends CostLine {
  readonly turn: number
  /** Absent while the turn runs. */
  readonly end?: TurnEnd
  readonly reason?: TurnReason
  /** ISO 8601: its first step. */
  readonly at: string
}

export interface CostReport {
  /** Its name. */
  readonly agentId: string
  /** Whose it is. Absent: the default tenant's. */
  readonly tenant?: Tenant
  /** The latest turns, oldest first: their steps. */
  readonly turns: readonly TurnCost[]
  /** Summaries are not put down to turns here. */
  readonly summaries: CostLine
  readonly asides: CostLine
  readonly models: readonly (CostLine & { readonly model: string })[]
  readonly total: CostLine
}

type Line = { -readonly [Field in keyof CostLine]: CostLine[Field] }

export async function costReport(memory: MemoryStore, { key: agentId, definition }: StoredAgent, { turns: most = 20 }: { readonly turns?: number } = {}): Promise<CostReport> {
  const tenant = tenantOf(agentId)
  const turns = new Map<number, Line & { readonly at: string }>()
  const models = new Map<string, Line>()
  const [summaries, asides, total] = [emptyLine(), emptyLine(), emptyLine()]
  const ofModel = (model = 'unknown'): Line => {
    const line = models.get(model) ?? emptyLine()
    models.set(model, line)
    return line
  }
  for await (const { turn, usage, latencyMs = 0, model, at } of stepsOf(memory, agentId)) {
    const line = turns.get(turn) ?? { ...emptyLine(), at }
    turns.set(turn, line)
    for (const into of [line, ofModel(model), total]) add(into, 'steps', usage, latencyMs)
    if (turns.size > most) turns.delete(turns.keys().next().value ?? turn)
  }
  for (const { usage, latencyMs = 0, model } of await summariesOf(memory, agentId)) {
    for (const into of [summaries, ofModel(model), total]) add(into, 'summaries', usage, latencyMs)
  }
  for (const { usage, latencyMs, model } of await memory.asideCosts.list(agentId)) {
    for (const into of [asides, ofModel(model), total]) add(into, 'asides', usage, latencyMs)
  }
  return {
    agentId: definition.id,
    ...(tenant !== undefined && { tenant }),
    turns: await Promise.all([...turns].map(async ([turn, line]) => ({ turn, ...(await endOf(memory, agentId, turn)), ...line }))),
    summaries,
    asides,
    models: [...models].map(([model, line]) => ({ model, ...line })),
    total,
  }
}

const emptyLine = (): Line => ({ steps: 0, summaries: 0, asides: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 0 })

function add(line: Line, kind: 'steps' | 'summaries' | 'asides', usage: StepUsage, latencyMs: number): void {
  addUsage(line, usage, 0)
  line[kind] += 1
  line.latencyMs += latencyMs
}

async function endOf({ turns }: MemoryStore, agentId: string, turn: number): Promise<Pick<TurnCost, 'end' | 'reason'>> {
  const outcome = await turns.get(agentId, turn)
  return outcome === undefined ? {} : { end: outcome.end, ...(outcome.reason && { reason: outcome.reason }) }
}
