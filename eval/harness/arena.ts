import { openAIEmbedder, openAIModel } from '../../src/model/openai.ts'
import type { ModelConfig } from '../../src/config/config.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import type { TurnResult } from '../../src/client/types.ts'
import type { ChatModel, Embedder } from '../../src/model/model.ts'
import type { Prices } from '../../src/model/prices.ts'
import { simulatedEmbedder, simulatedModel, simulatedModelName } from '../../src/simulated/index.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { startBench } from '../../bench/bench-agents.ts'
import { startTemporal } from '../../test/servers/temporal.ts'
import type { Answer, Question } from './question.ts'

/** Where systems answer: a Temporal server, a worker, memory in a file that is gone afterwards, and the models. */
export interface Arena {
  readonly client: PerdureClient
  readonly stores: Stores
  readonly embedder: Embedder
  /** Answers under the name that a request gives: a policy's, the simulated model's, or the endpoint's. */
  readonly model: ChatModel
  /** Of the language model that is evaluated, or of the simulated one. */
  readonly modelName: string
  readonly contextWindow: number
  readonly prices: Prices
  /** An agent for one question alone: created, prepared, asked. Deleted afterwards. */
  askAgent(ask: {
    readonly agent: AgentInput
    readonly question: Question
    /** Default: `client.create`. */
    readonly create?: () => Promise<unknown>
    readonly prepare?: (agentId: string) => Promise<void>
    /** What the answer is taken from. Default: all that the agent sent in the turn. */
    readonly read?: (turn: TurnResult, agentId: string) => Promise<string>
  }): Promise<Answer>
  close(): Promise<void>
}

export async function openArena(options: {
  readonly model: ModelConfig
  readonly prices: Prices
  readonly policies: Readonly<Record<string, ChatModel>>
}): Promise<Arena> {
  const { model: config, policies } = options
  // Rules cost nothing.
  const prices = { ...options.prices, ...Object.fromEntries(Object.keys(policies).map((name) => [name, { input: 0, cached: 0, output: 0 }])) }
  const endpoint = { apiKey: config.apiKey ?? '', ...(config.baseUrl !== undefined && { baseURL: config.baseUrl }) }
  const real = config.kind === 'endpoint'
  const evaluated = real ? openAIModel({ ...endpoint, toolChoice: config.toolChoice }) : simulatedModel()
  const embedder = real ? openAIEmbedder({ ...endpoint, model: config.embeddingModel, dimensions: config.embeddingDimensions }) : simulatedEmbedder()
  const models = new Map<string, ChatModel>([...Object.entries(policies), [real ? config.name : simulatedModelName, evaluated]])
  const model: ChatModel = {
    complete: (request, signal) => (models.get(request.model) ?? evaluated).complete(request, signal),
  }
  const server = await startTemporal({ own: true })
  const bench = await startBench({ server, model, embedder, cachedAgents: 50, prices })
  const { client, stores, temporal } = bench

  const eventsOf = async (agentId: string): Promise<number> => {
    const { historyLength } = await temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
    return historyLength
  }
  return {
    client,
    stores,
    embedder,
    model,
    modelName: real ? config.name : simulatedModelName,
    contextWindow: config.contextWindow,
    prices,
    askAgent: async ({ agent, question, create = () => client.create(agent), prepare, read }) => {
      await create()
      try {
        await prepare?.(agent.id)
        const turn = await client.send(agent.id, question.text)
        const events = await eventsOf(agent.id)
        const { steps, promptTokens, completionTokens, latencyMs, costMicros } = turn.figures
        const text = read === undefined ? turn.replyTexts.join('\n') : await read(turn, agent.id)
        const failure = turn.end === 'completed' ? undefined : `${turn.end}: ${turn.detail ?? turn.reason ?? 'no reason given'}`
        return { text, ...(failure !== undefined && { failure }), figures: { steps, promptTokens, completionTokens, latencyMs, events, ...(costMicros !== undefined && { costMicros }) } }
      } finally {
        await client.delete(agent.id)
      }
    },
    close: async () => {
      await bench.close()
      await server.stop()
    },
  }
}
