import { AsyncLocalStorage } from 'node:async_hooks'
import { Context } from '@temporalio/activity'
import { around } from '../model/around.ts'
import type { ChatModel } from '../model/model.ts'
import { ModelError } from '../model/model-error.ts'
import type { AgentActivities } from '../protocol/activities.ts'
import { PerdureError } from '../protocol/errors.ts'
import { harmless, type Observation, type Observe } from '../protocol/observation.ts'
import type { ToolRegistry } from '../tools/registry.ts'
import type { Tool } from '../tools/tool.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { endedTurn } from './turn-ending.ts'

/** The activity, and its attempt, to which a call of the model or of a tool belongs. */
interface Scope {
  readonly agentId: string
  readonly turn?: number
  readonly step?: number
  readonly op: string
  readonly attempt: number
}

const scopes = new AsyncLocalStorage<Scope>()

/** Versions of definitions whose model is remembered: it never changes, and asking costs a read. */
const mostVersions = 10_000

/**
 * The activities as they are, watched from around them: what a worker's telemetry knows, it knows from here. An observer that
 * fails changes nothing.
 */
export function observedActivities<Activities extends AgentActivities>(
  dependencies: ActivityDependencies,
  observer: Observe,
  create: (dependencies: ActivityDependencies) => Activities,
): Activities {
  const observe = harmless(observer)
  const models = modelsOf(dependencies)
  const activities = create({ ...dependencies, model: observedModel(dependencies.model, observe), tools: observedTools(dependencies.tools, observe) })
  return {
    ...activities,
    infer: (input) =>
      within(input, async (scope, startedAt) => {
        const result = await activities.infer(input)
        if (result.outcome === 'stored') {
          observe({ type: 'step', ...scope, startedAt, endedAt: Date.now(), model: await models(input.agentId, input.definition), usage: result.usage })
        }
        return result
      }),
    callTool: (input) => within(input, () => activities.callTool(input)),
    settle: (input) =>
      within(input, async () => {
        const result = await activities.settle(input)
        const { ending } = input
        if (ending !== undefined && result.ended !== undefined) {
          const outcome = endedTurn({ ...input, ending }, result, result.ended.latencyMs)
          observe({ type: 'turn', agentId: input.agentId, outcome, model: await models(input.agentId), endedAt: ending.acceptedAt + result.ended.latencyMs })
        }
        return result
      }),
    compact: (input) =>
      within(input, async (scope, startedAt) => {
        const told = async (ended: { byModel?: boolean; error?: string } & Pick<Awaited<ReturnType<AgentActivities['compact']>>, 'usage'>) =>
          observe({ type: 'compaction', ...scope, startedAt, endedAt: Date.now(), model: await models(input.agentId), ...ended })
        try {
          const result = await activities.compact(input)
          await told({ byModel: result.byModel, ...(result.usage && { usage: result.usage }) })
          return result
        } catch (error) {
          await told({ error: errorWord(error) })
          throw error
        }
      }),
    endTurn: async (input) => {
      const recorded = await activities.endTurn(input)
      observe({ type: 'turn', agentId: input.agentId, outcome: input.outcome, model: await models(input.agentId), endedAt: input.endedAt ?? Date.now() })
      return recorded
    },
  }
}

function within<Result>(
  { agentId, turn, step, op }: Omit<Scope, 'attempt'>,
  run: (scope: Scope, startedAt: number) => Promise<Result>,
): Promise<Result> {
  const { attempt } = Context.current().info
  const scope = { agentId, op, attempt, ...(turn !== undefined && { turn }), ...(step !== undefined && { step }) }
  return scopes.run(scope, () => run(scope, Date.now()))
}

function observedModel(model: ChatModel, observe: Observe): ChatModel {
  return around(model, {
    complete: async (request, signal, onDelta) => {
      const scope = scopes.getStore()
      const startedAt = Date.now()
      const told = (ended: Pick<Extract<Observation, { type: 'inference' }>, 'usage' | 'finishReason' | 'error'>): void => {
        const purpose = scope?.step === undefined ? 'summary' : 'step'
        if (scope !== undefined) observe({ type: 'inference', ...scope, purpose, model: request.model, startedAt, endedAt: Date.now(), ...ended })
      }
      try {
        const reply = await model.complete(request, signal, onDelta)
        told({ finishReason: reply.finishReason, ...(reply.usage && { usage: reply.usage }) })
        return reply
      } catch (error) {
        told({ error: signal.aborted ? 'cancelled' : errorWord(error) })
        throw error
      }
    },
  })
}

function observedTools(tools: ToolRegistry, observe: Observe): ToolRegistry {
  const known = new Map<string, Tool | undefined>()
  return {
    ...tools,
    get: (name) => {
      const tool = known.get(name) ?? watched(tools.get(name), observe)
      if (tool !== undefined) known.set(name, tool)
      return tool
    },
  }
}

function watched(tool: Tool | undefined, observe: Observe): Tool | undefined {
  if (tool === undefined) return undefined
  const { name, description, schema, policy } = tool
  return {
    name,
    description,
    schema,
    policy,
    run: async (args, context) => {
      const attempt = scopes.getStore()?.attempt ?? 1
      const { agentId, turn, step, op, callId } = context
      const startedAt = Date.now()
      const told = (error?: string): void =>
        observe({ type: 'tool', agentId, turn, step, op, attempt, tool: name, ...(callId !== undefined && { callId }), startedAt, endedAt: Date.now(), ...(error !== undefined && { error }) })
      try {
        const result = await tool.run(args, context)
        told()
        return result
      } catch (error) {
        told(context.signal.aborted ? 'cancelled' : errorWord(error))
        throw error
      }
    },
  }
}

/** The model of a version of an agent's definition; without one, of the version in force. */
function modelsOf({ stores: { memory } }: ActivityDependencies): (agentId: string, version?: number) => Promise<string> {
  const models = new Map<string, string>()
  return async (agentId, version) => {
    const known = version === undefined ? undefined : models.get(`${agentId} ${version}`)
    if (known !== undefined) return known
    const agent = await memory.agents.get(agentId).catch(() => undefined)
    if (agent === undefined) return 'unknown'
    const { definition: { model }, version: inForce = 1 } = agent
    if (models.size >= mostVersions) models.clear()
    models.set(`${agentId} ${inForce}`, model)
    return model
  }
}

/** Its kind, never its text: that may quote what was said. */
function errorWord(error: unknown): string {
  if (ModelError.isInstance(error)) return error.kind
  if (PerdureError.isInstance(error)) return error.code
  if (error instanceof Error && 'type' in error && typeof error.type === 'string' && error.type !== '') return error.type.slice(0, 64)
  return error instanceof Error ? error.name.slice(0, 64) : '_OTHER'
}
