import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { ActivityFailure, ApplicationFailure, CancelledFailure, TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common'
import { asideWorkflowIdOf, asideWorkflowType, type AsideAnswer, type AsideFigures, type AsideInput, type AsideMessage, type ContextParts } from '../protocol/aside.ts'
import { errorCodes, invalidArgument, messageOf, PerdureError } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import { limits } from '../protocol/limits.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { Stores } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { look } from './look.ts'
import { abandonable, isTransient, patiently, pauses, translated } from './patiently.ts'
import { shownOfHelper } from './shown-of-helper.ts'

export type { AsideAnswer, AsideMessage }

export interface AsideOptions {
  /** Tokens of the answer at most; more than half of the window is as much as half. Default: what the definition's `sampling` says, and at most a quarter of the window. */
  readonly maxOutputTokens?: number
  /** Whoever asked does not wait any longer: the model is not asked any more either. */
  readonly signal?: AbortSignal
}

export interface AsideMethods {
  /**
   * Asks the agent something that is to leave no trace: its model answers from the agent's main context as it stands (core memory, summary, the
   * newest of the conversation), beside whatever the agent does, without tools. Neither question nor answer comes into a memory or a history;
   * only the cost is kept, under `asides` in `cost`. A `system` message is added to the agent's instructions. Asked again it is another aside, and paid again.
   *
   * An agent's budget holds for what its turns and its asides have spent together; its turns do not know of asides. Needs a worker.
   * @param question a text, or a conversation that the asker keeps, which ends with a message of the user
   * @throws PerdureError `message-empty`, `message-too-large`, `agent-parked` where the agent's budget is spent, `model-refused`,
   * `model-unreachable`, `model-error`, `context-overflow`, `server-unavailable`
   */
  aside(agentId: string, question: string | readonly AsideMessage[], options?: AsideOptions): Promise<AsideAnswer>
}

/** Longer than four attempts at an answer take; then Temporal ends what nobody waits for. */
const mostSeconds = 3_000

export function asideMethods(workflows: AgentWorkflows, { live }: Stores, { agentOf }: AgentNames): AsideMethods {
  return {
    aside: async (agentId, question, { maxOutputTokens, signal } = {}) => {
      const messages = asked(question)
      assertRoom(maxOutputTokens)
      const agent = await agentOf(agentId)
      const parts = await look<ContextParts>(workflows, agent, { query: handlerNames.contextParts, ...(signal && { signal }) })
      const aside = { agentId: agent.key, id: randomUUID() }
      await live.putAside({ ...aside, messages, ...(maxOutputTokens !== undefined && { maxOutputTokens }) })
      try {
        await answered(workflows, agent, { ...parts, ...aside }, signal)
        const answer = (await live.aside(aside.agentId, aside.id))?.answered?.answer
        if (answer === undefined) throw new PerdureError('server-unavailable', 'the answer is not there any more, as its store may forget: ask again')
        return answer
      } finally {
        await live.forgetAside(aside.agentId, aside.id).catch(() => undefined)
      }
    },
  }
}

function asked(question: string | readonly AsideMessage[]): readonly AsideMessage[] {
  const messages = typeof question === 'string' ? [{ role: 'user' as const, text: question }] : question
  if (messages.at(-1)?.role !== 'user') throw invalidArgument('an aside ends with a message of the user: that is what is answered')
  if (messages.at(-1)?.text.trim() === '') throw new PerdureError('message-empty', 'the question is empty')
  const bytes = messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes > limits.asideBytes) throw new PerdureError('message-too-large', `what is asked aside has ${bytes} bytes with all that is sent along; at most ${limits.asideBytes} are taken`)
  return messages.map(({ role, text }) => ({ role, text }))
}

function assertRoom(tokens: number | undefined): void {
  if (tokens === undefined || (Number.isSafeInteger(tokens) && tokens >= 1 && tokens <= limits.outputTokens)) return
  throw invalidArgument(`maxOutputTokens is a whole number from 1 to ${limits.outputTokens}`)
}

/** Until the worker has put the answer into the store. */
async function answered(workflows: AgentWorkflows, agent: StoredAgent, input: AsideInput, signal: AbortSignal | undefined): Promise<void> {
  const { temporal, taskQueue } = workflows
  const { agentId, id } = input
  const workflowId = asideWorkflowIdOf(agentId, id)
  const start = (): Promise<WorkflowHandle> =>
    temporal.workflow.start(asideWorkflowType, {
      workflowId, taskQueue, args: [input], workflowExecutionTimeout: `${mostSeconds} seconds`, workflowIdConflictPolicy: 'USE_EXISTING',
      ...shownOfHelper(agentId, 'aside to'),
    })
  try {
    await patiently(workflows, { agentId, signal, call: start })
    await abandonable(ended(temporal.workflow.getHandle(workflowId)), signal)
  } catch (error) {
    if (signal?.aborted === true) await temporal.workflow.getHandle(workflowId).cancel().catch(() => undefined)
    throw failureOf(agent, error)
  }
}

/** A server that goes away meanwhile is asked again, for as long as an aside may take. */
async function ended(handle: WorkflowHandle): Promise<AsideFigures> {
  const since = Date.now()
  for (const pauseMs of pauses()) {
    try {
      return (await handle.result()) as AsideFigures
    } catch (error) {
      if (!isTransient(error)) throw error
      if (Date.now() - since > mostSeconds * 1_000) throw new PerdureError('server-unavailable', 'Temporal has not told what became of the aside: ask again', { cause: error })
    }
    await sleep(pauseMs)
  }
  throw new Error('unreachable: pauses never end')
}

function failureOf({ definition }: StoredAgent, error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) return new PerdureError('server-unavailable', 'somebody has deleted the aside: ask again', { cause: error })
  if (!(error instanceof WorkflowFailedError)) return translated(error)
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) return new PerdureError('server-unavailable', 'somebody has ended the aside: ask again', { cause: error })
  const type = cause instanceof ApplicationFailure ? cause.type : undefined
  const code = errorCodes.find((known) => known === type)
  if (code !== undefined) return new PerdureError(code, messageOf(cause), { cause: error })
  const refused = type === 'content-filtered' || type === 'price-unknown'
  return new PerdureError(refused ? 'model-refused' : 'model-error', `the model ${definition.model} has not answered the aside: ${messageOf(cause)}`, { cause: error })
}
