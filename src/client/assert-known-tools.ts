import { randomUUID } from 'node:crypto'
import { defaults, type AgentDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { knownToolsWorkflowIdOf, knownToolsWorkflowType, type KnownToolsActivities } from '../protocol/known-tools.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { mayHaveWorker } from './wait-for-worker.ts'

/** A worker that is there answers within some hundredths of a second. */
const answerWithinMs = 2_000

const everywhere: ReadonlySet<string> = new Set(defaults.tools)

/**
 * Asks a worker of the queue whether it knows the tools; only about those that not every worker has. The worker that takes the question
 * answers for all, as all of one queue have to know the same tools. Where none answers in time, being away or of an earlier version, nothing is said.
 * @throws PerdureError `tool-unknown`
 */
export async function assertKnownTools({ temporal, taskQueue }: AgentWorkflows, { tools: named }: Pick<AgentDefinition, 'tools'>): Promise<void> {
  const tools = named.filter((name) => !everywhere.has(name))
  if (tools.length === 0) return
  const ask = async (): Promise<{ readonly problem?: string }> => {
    if (!(await mayHaveWorker(temporal, taskQueue))) return {}
    const workflowId = knownToolsWorkflowIdOf(randomUUID())
    return temporal.workflow.execute<KnownToolsActivities['checkTools']>(knownToolsWorkflowType, { workflowId, taskQueue, args: [{ tools }], workflowExecutionTimeout: answerWithinMs })
  }
  const { problem } = await temporal.withDeadline(Date.now() + answerWithinMs, ask).catch((): { problem?: string } => ({}))
  if (problem !== undefined) throw new PerdureError('tool-unknown', problem)
}
