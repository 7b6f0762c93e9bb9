import type { Client } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import { keyIdOf } from '../codec/encryption.ts'
import { asideWorkflowType } from '../protocol/aside.ts'
import { documentsWorkflowType } from '../protocol/documents.ts'
import { exchangesWorkflowType } from '../protocol/exchanges.ts'
import { workflowType } from '../protocol/handlers.ts'
import { agentIdOf, workflowIdOf } from '../protocol/ids.ts'
import { statusAttribute } from '../protocol/search-attributes.ts'
import { asOurs, grpcErrorOf, isNamespaceUnknown, notFound } from './grpc-error.ts'

/** For a look at a workflow that need not succeed. */
export const askingMs = 5_000

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
  for await (const { runs } of indexedPages(temporal, query)) yield* runs
}

/** The same, page by page, in the order that the index has, which is none that can be chosen. */
export async function* indexedPages(temporal: Client, query?: string, pageSize = 500): AsyncGenerator<{ readonly runs: readonly IndexedRun[]; readonly last: boolean }> {
  for await (const { executions, last } of executionPages(temporal, { types: [workflowType], query, pageSize })) yield { runs: executions.map(indexedRun), last }
}

/** Workflows that do something for an agent, each of which ends when that is done. */
const helperTypes = [documentsWorkflowType, exchangesWorkflowType, asideWorkflowType]

/** Their runs that match, in the same way. */
export async function* helperRuns(temporal: Client, query: string): AsyncGenerator<Pick<IndexedRun, 'keyId'> & { readonly workflowId: string }> {
  for await (const { executions } of executionPages(temporal, { types: helperTypes, query, pageSize: 500 })) {
    for (const { execution, memo } of executions) yield { workflowId: execution?.workflowId ?? '', keyId: keyIdOf(memo?.fields?.agent ?? {}) }
  }
}

interface Listing {
  readonly types: readonly string[]
  readonly query: string | undefined
  readonly pageSize: number
}

async function* executionPages(temporal: Client, { types, query, pageSize }: Listing): AsyncGenerator<{ readonly executions: readonly Execution[]; readonly last: boolean }> {
  const { namespace } = temporal.options
  const whole = [`WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`, ...(query === undefined ? [] : [query])].join(' AND ')
  let nextPageToken = new Uint8Array()
  do {
    const page = await temporal.workflowService.listWorkflowExecutions({ namespace, query: whole, pageSize, nextPageToken }).catch((error: unknown) => {
      throw asOurs(error)
    })
    nextPageToken = new Uint8Array(page.nextPageToken)
    yield { executions: page.executions, last: nextPageToken.length === 0 }
  } while (nextPageToken.length > 0)
}

/** The agent's present run as the server itself has it, which is behind nothing; undefined without one. Needs no worker. */
export async function presentRun(temporal: Client, agentId: string): Promise<IndexedRun | undefined> {
  const { namespace } = temporal.options
  try {
    const asked = temporal.withDeadline(Date.now() + askingMs, () => temporal.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: workflowIdOf(agentId) } }))
    const { workflowExecutionInfo } = await asked
    return workflowExecutionInfo && workflowExecutionInfo.closeTime == null ? indexedRun(workflowExecutionInfo) : undefined
  } catch (error) {
    if (isUnknownRun(error)) return undefined
    throw asOurs(error)
  }
}

/** More links of a chain are not followed: whoever asks has not looked for long. */
const mostLinks = 8

/**
 * Whether one run of an agent's workflow goes on from another with all that it had: by continue-as-new, once or several times. False of a
 * run that somebody has reset, as such a run begins with a copy of another run's first event; false too where the server can't tell.
 */
export async function goesOnFrom(temporal: Client, agentId: string, { from, to }: { readonly from: string; readonly to: string }): Promise<boolean> {
  let runId = to
  for (let link = 0; link < mostLinks; link += 1) {
    const begun = await firstEvent(temporal, agentId, runId)
    if (begun?.originalExecutionRunId !== runId || !begun.continuedExecutionRunId) return false
    runId = begun.continuedExecutionRunId
    if (runId === from) return true
  }
  return false
}

async function firstEvent(temporal: Client, agentId: string, runId: string) {
  const { namespace } = temporal.options
  const execution = { workflowId: workflowIdOf(agentId), runId }
  const asked = temporal.withDeadline(Date.now() + askingMs, () => temporal.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 }))
  const { history } = await asked.catch(() => ({ history: undefined }))
  return history?.events?.[0]?.workflowExecutionStartedEventAttributes ?? undefined
}

/** The server never had it, or it is past its retention. */
export const isUnknownRun = (error: unknown): boolean => grpcErrorOf(error)?.code === notFound && !isNamespaceUnknown(error)

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
