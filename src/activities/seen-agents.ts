import { isDeepStrictEqual } from 'node:util'
import { LRUCache } from 'lru-cache'
import type { InferenceInput } from '../protocol/activities.ts'
import type { StoredAgent } from '../stores/agents.ts'
import { contextOf, type Context, type ContextSource } from './context-of.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** Agents, and characters of all that is kept of them. */
const most = 1_000
const mostCharacters = 16_000_000

/** The agents that a worker has made a step of last, each as that step saw it. */
export interface SeenAgents {
  /**
   * Begins to read what the context is made of while the agent itself is read. That says which blocks there are, and mostly it is as it was at its last
   * step. Nothing that was read then is used again, so a block is as new as this call; an agent that has changed since has its context read anew.
   * @returns gives the context of the agent as it was found
   */
  contextFor(input: InferenceInput): (found: StoredAgent) => Promise<Context>
}

export function seenAgents(dependencies: ActivityDependencies): SeenAgents {
  const sources = new LRUCache<string, ContextSource>({ max: most, maxSize: mostCharacters, sizeCalculation: (source) => JSON.stringify(source).length })
  return {
    contextFor: (input) => {
      const seen = sources.get(input.agentId)
      const begun = seen && contextOf(dependencies, seen, input)
      // Whoever wants it is told that it has failed; perhaps nobody does.
      begun?.catch(() => undefined)
      return (found) => {
        const source = sourceOf(found)
        if (begun !== undefined && isDeepStrictEqual(source, seen)) return begun
        sources.set(input.agentId, source)
        return contextOf(dependencies, source, input)
      }
    },
  }
}

function sourceOf({ key, creation, documents, definition: { blocks } }: StoredAgent): ContextSource {
  return { key, ...(creation !== undefined && { creation }), ...(documents !== undefined && { documents }), definition: { blocks } }
}
