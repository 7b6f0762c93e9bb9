import type { Client } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import { keyIdOf } from '../codec/encryption.ts'
import { workflowType } from '../protocol/handlers.ts'
import { agentIdOf, workflowIdOf } from '../protocol/ids.ts'
import { statusAttribute } from '../protocol/search-attributes.ts'
import { grpcErrorOf, notFound } from './grpc-error.ts'

/** A run of an agent's workflow as Temporal's index of workflows has it. */
export interface IndexedRun {
  readonly agentId: string
  readonly runId: string
  /** What operators are shown: `live`, `parked` or `ended`. */
  readonly status: string
  /** The id of the key under which the run began; undefined if it began without encryption. */
  readonly keyId: string | undefined
}

/**
 * The runs of agents that match, a little behind. Nothing is decrypted: the client's own list decodes every memo, so that one agent
 * under a key that is not held here would hide all others.
 * @param query in the language of Temporal's list filters; it is added to the workflow's type
 */
export async function* indexedRuns(temporal: Client, query?: string): AsyncGenerator<IndexedRun> {
  const { namespace } = temporal.options
  const whole = [`WorkflowType = '${workflowType}'`, ...(query === undefined ? [] : [query])].join(' AND ')
  let nextPageToken = new Uint8Array()
  do {
    const page = await temporal.workflowService.listWorkflowExecutions({ namespace, query: whole, pageSize: 500, nextPageToken })
    yield* page.executions.map(indexedRun)
    nextPageToken = new Uint8Array(page.nextPageToken)
  } while (nextPageToken.length > 0)
}

/** The agent's present run as the server itself has it, which is behind nothing; undefined without one. */
export async function presentRun(temporal: Client, agentId: string): Promise<IndexedRun | undefined> {
  const { namespace } = temporal.options
  try {
    const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: workflowIdOf(agentId) } })
    return workflowExecutionInfo && workflowExecutionInfo.closeTime == null ? indexedRun(workflowExecutionInfo) : undefined
  } catch (error) {
    if (isUnknownRun(error)) return undefined
    throw error
  }
}

/** The server never had it, or it is past its retention. */
export const isUnknownRun = (error: unknown): boolean => grpcErrorOf(error)?.code === notFound

type Execution = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions'][number]

function indexedRun({ execution, memo, searchAttributes }: Execution): IndexedRun {
  const status = searchAttributes?.indexedFields?.[statusAttribute.name]
  return {
    agentId: agentIdOf(execution?.workflowId ?? ''),
    runId: execution?.runId ?? '',
    status: status == null ? 'live' : defaultPayloadConverter.fromPayload<string>(status),
    keyId: keyIdOf(memo?.fields?.agent ?? {}),
  }
}
