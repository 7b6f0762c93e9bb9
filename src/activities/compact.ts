import { Context } from '@temporalio/activity'
import { ModelError } from '../model/model-error.ts'
import { countMessageTokens } from '../model/tokens.ts'
import type { AgentActivities, CompactionResult } from '../protocol/activities.ts'
import type { Summary } from '../stores/summaries.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { heartbeating } from './heartbeating.ts'
import { modelFailure } from './model-failure.ts'
import { untilStored } from './until-stored.ts'
import { assertPriced, paid } from './pay.ts'
import { renderSummary } from '../prompt/render-prompt.ts'
import { storedAgent, withinWindow } from './stored-agent.ts'
import { fallbackSummary, summarise, type Summarised } from './summarise.ts'

/** Attempts by the model; after that, or where the model refuses, the fallback stands in, so that a full window never blocks an agent. */
const modelAttempts = 3

/** Makes and stores the recursive summary. An attempt that finds it stored returns it. Evicts nothing: the workflow does, after this. */
export function createCompact(dependencies: ActivityDependencies): AgentActivities['compact'] {
  return (input) =>
    heartbeating(dependencies, async ({ ending: signal }) => {
      const { memory } = dependencies.stores
      const stored = await memory.summaries.get(input.agentId, input.op)
      const left = Math.max(...input.evict.map(([, to]) => to))
      if (stored) {
        await dependencies.leaves?.(input.agentId, left)
        return resultOf(stored)
      }

      const { definition } = withinWindow(await storedAgent(dependencies.stores, input.agentId), input.window)
      assertPriced(dependencies, definition.model, input)
      const [messages, earlier] = await Promise.all([
        memory.messages.ranges(input.agentId, input.evict),
        input.summary === undefined ? undefined : memory.summaries.get(input.agentId, input.summary),
      ])
      const { model: modelName, sampling } = definition
      let { contextWindow } = definition
      let learned: number | undefined
      const request = { earlier: earlier?.text, messages, maxTokens: input.maxTokens }
      let made: Summarised
      const startedAt = performance.now()
      try {
        const summarised = (): Promise<Summarised> => summarise({ ...request, model: dependencies.model, modelName, contextWindow, ...(sampling && { sampling }), signal })
        made = await summarised().catch((error: unknown) => {
          const { window = Infinity, requestTokens = Infinity } = (ModelError.isInstance(error) && error.limits) || {}
          if (Math.min(window, requestTokens) >= contextWindow) throw error
          if (window < contextWindow) learned = window
          contextWindow = Math.min(window, requestTokens)
          return summarised()
        })
      } catch (error) {
        const hopeless = ModelError.isInstance(error) && !error.retryable
        if (signal.aborted || (!hopeless && Context.current().info.attempt < modelAttempts)) throw modelFailure(error, signal)
        made = { text: fallbackSummary(request) }
      }
      dependencies.faultPoint('compaction-summarised')
      const covers = (earlier?.covers ?? 0) + messages.length
      const tokens = countMessageTokens(renderSummary({ text: made.text, covers }))
      const byModel = made.usage !== undefined
      const figures = made.usage && { usage: paid(dependencies, modelName, made.usage), model: modelName, latencyMs: Math.round(performance.now() - startedAt) }
      const inserted = { agentId: input.agentId, op: input.op, text: made.text, tokens, byModel, covers, left, at: new Date().toISOString(), ...figures }
      const summary = await untilStored(() => memory.summaries.insert(inserted), signal)
      dependencies.faultPoint('compaction-stored')
      await dependencies.leaves?.(input.agentId, left)
      return { ...resultOf(summary), ...(learned !== undefined && { window: learned }) }
    })
}

function resultOf({ tokens, byModel, usage }: Summary): CompactionResult {
  return { tokens, byModel, ...(usage && { usage }) }
}
