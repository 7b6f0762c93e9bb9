import type { KnownToolsActivities } from '../protocol/known-tools.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** What a worker says of tools that somebody names, before there is an agent that has them. */
export function createCheckTools({ tools: registry }: Pick<ActivityDependencies, 'tools'>): KnownToolsActivities['checkTools'] {
  return async ({ tools }) => {
    const problem = registry.problemOf(tools)
    return problem === undefined ? {} : { problem }
  }
}
