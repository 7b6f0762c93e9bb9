import { parametersSchema } from '../parameters/parameters-schema.ts'
import type { AgentDefinition, ClientToolDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { toolNamesOf } from '../protocol/tool-names.ts'
import { defaultAnswerWithinMs, type CallWait } from '../protocol/waiting.ts'
import { modelToolOf } from './model-tool.ts'
import type { ToolRegistry } from './registry.ts'
import type { Tool } from './tool.ts'

/** The tools of one agent: those of the worker that its definition names, and those that run at its callers. */
export interface AgentTools extends Omit<ToolRegistry, 'problemOf'> {
  readonly names: readonly string[]
  isClient(name: string): boolean
  /** The answers for which a call of the tool has to wait; undefined if it runs at once. */
  waitOf(tool: Tool): CallWait | undefined
}

export function agentTools(registry: ToolRegistry, definition: AgentDefinition): AgentTools {
  const names = toolNamesOf(definition)
  const clients = new Map((definition.clientTools ?? []).map((tool) => [tool.name, tool]))
  return {
    names,
    get: (name) => {
      const client = clients.get(name)
      return client ? clientTool(client) : registry.get(name)
    },
    modelTools: (wanted) =>
      wanted.flatMap((name) => {
        const client = clients.get(name)
        if (client) return [modelToolOf(client)]
        // One that this worker does not know is not offered; a call of it has that as its result.
        return registry.get(name) === undefined ? [] : registry.modelTools([name])
      }),
    isClient: (name) => clients.has(name),
    waitOf: ({ name, policy }) => {
      const withinMs = policy.answerWithinMs ?? definition.answerWithinMs ?? defaultAnswerWithinMs
      const wait = {
        ...((policy.approval === true || definition.approval?.includes(name) === true) && { approval: withinMs }),
        ...(clients.has(name) && { client: withinMs }),
      }
      return Object.keys(wait).length > 0 ? wait : undefined
    },
  }
}

/** A tool that runs at the caller, as a worker knows it: its arguments, but not how to run it. */
function clientTool(definition: ClientToolDefinition): Tool {
  const { name, description, answerWithinMs } = definition
  return {
    name,
    description,
    schema: parametersSchema(definition).schema,
    policy: { placement: 'activity', idempotent: true, ...(answerWithinMs !== undefined && { answerWithinMs }) },
    run: () => Promise.reject(new PerdureError('tool-unknown', `${name} runs at the caller`)),
  }
}
