import type { ModelTool } from '../model/model.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { modelTool, runtimeArguments } from './model-tool.ts'
import { mostSimilar } from './similarity.ts'
import type { Tool, ToolPolicy } from './tool.ts'

export interface ToolRegistry {
  get(name: string): Tool | undefined
  /**
   * What the model is offered, in the order asked for.
   * @throws PerdureError `tool-unknown`
   */
  modelTools(names: readonly string[]): ModelTool[]
  /** Why an agent can't have these tools, for the person who names them; undefined where all are known. */
  problemOf(names: readonly string[]): string | undefined
}

const namePattern = /^[a-z][a-z0-9_]{0,63}$/

/**
 * The tools that a worker knows.
 * @throws PerdureError `invalid-argument` for a name that is malformed or there twice, for arguments that the runtime adds itself, and for a policy that no call could be run under
 */
export function toolRegistry(tools: readonly Tool[]): ToolRegistry {
  const byName = new Map<string, { readonly tool: Tool; readonly model: ModelTool }>()
  for (const tool of tools) {
    assertUsable(tool)
    if (byName.has(tool.name)) throw invalidArgument(`two tools are named ${tool.name}: names must differ`)
    byName.set(tool.name, { tool, model: modelTool(tool) })
  }
  return {
    get: name => byName.get(name)?.tool,
    modelTools: names =>
      names.map(name => {
        const known = byName.get(name)
        if (known) return known.model
        throw new PerdureError('tool-unknown', unknownTool(name, [...byName.keys()]))
      }),
    problemOf: names => {
      const unknown = names.find(name => !byName.has(name))
      if (unknown === undefined) return undefined
      return `tools: ${unknownTool(unknown, [...byName.keys()])} These are what the worker knows: correct the name, or start workers that have this tool`
    },
  }
}

export function unknownTool(name: string, known: readonly string[]): string {
  const similar = mostSimilar(name, known)
  const guess = similar === undefined ? '' : ` Did you mean ${similar}?`
  return `there is no tool ${JSON.stringify(name.slice(0, 80))}.${guess} Tools: ${known.join(', ') || 'none'}.`
}

function assertUsable({ name, schema, policy }: Tool): void {
  if (!namePattern.test(name)) {
    throw invalidArgument(`tool name ${JSON.stringify(name)} is not usable: 1 to 64 of a-z, 0-9 and "_", beginning with a letter`)
  }
  const reserved = Object.keys(schema.shape).find(argument => Object.hasOwn(runtimeArguments, argument))
  if (reserved !== undefined) {
    throw invalidArgument(`tool ${name} declares ${reserved}, which every tool gets from the runtime: leave it out of the schema`)
  }
  const wrong = wrongNumberOf(policy)
  if (wrong !== undefined) throw invalidArgument(`tool ${name}: policy.${wrong}; leave it out for the default`)
  if (policy.taskQueue?.trim() === '') throw invalidArgument(`tool ${name}: policy.taskQueue is the name of a queue; leave it out for the agent's own`)
}

const longestMs = 366 * 86_400_000
const boundsOf = { timeoutMs: [1, longestMs], startWithinMs: [1, longestMs], answerWithinMs: [1, longestMs], attempts: [1, 1_000] } as const

/**
 * Temporal is asked for these, and a workflow whose request it can't make sense of stands still: for "no limit", which has no JSON, say. They are in the
 * history by then, so that a mended tool would come too late.
 */
function wrongNumberOf(policy: ToolPolicy): string | undefined {
  const isWrong = ([field, [least, most]]: readonly [string, readonly [number, number]]): boolean => {
    const given = policy[field as keyof typeof boundsOf]
    return given !== undefined && !(Number.isInteger(given) && given >= least && given <= most)
  }
  const [wrong] = Object.entries(boundsOf).filter(isWrong)
  return wrong && `${wrong[0]} is a whole number from ${wrong[1][0]} to ${wrong[1][1]}`
}
