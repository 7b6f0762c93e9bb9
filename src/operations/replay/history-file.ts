import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { invalidArgument, messageOf, PerdureError } from '../../protocol/errors.ts'
import { workflowIdOf } from '../../protocol/ids.ts'
import { historyFromJson, type History } from './proto-json.ts'

/** One run of an agent's workflow. */
export interface Run {
  readonly workflowId: string
  /** Absent where a file does not say it. */
  readonly runId?: string
  readonly history: History
  /** The file that it is from. */
  readonly file?: string
}

/**
 * The runs in a file: one, or the several of a kept conversation. `.gz` may be at its end.
 * @throws PerdureError `file-unreadable`, `invalid-argument`
 */
export function readHistoryFile(path: string): readonly Run[] {
  const file = basename(path)
  const json = parsed(path)
  const { runs, workflowId } = json as { readonly runs?: unknown; readonly workflowId?: unknown }
  try {
    return (Array.isArray(runs) ? runs : [json]).map((run) => {
      const history = historyFromJson(run)
      const runId = runIdIn(history)
      return { history, workflowId: typeof workflowId === 'string' ? workflowId : workflowIdIn(history), file, ...(runId !== undefined && { runId }) }
    })
  } catch (error) {
    if (PerdureError.isInstance(error)) throw new PerdureError(error.code, `${path}: ${error.message}`, { cause: error })
    throw error
  }
}

function parsed(path: string): object {
  try {
    const bytes = readFileSync(path)
    const json: unknown = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
    if (typeof json === 'object' && json !== null) return json
  } catch (error) {
    throw new PerdureError('file-unreadable', `the history ${path} can't be read: ${messageOf(error)}`, { cause: error })
  }
  throw invalidArgument(`${path} holds no history`)
}

/** Newer servers write it into the first event; nothing of ours depends on it. */
const workflowIdIn = ({ events }: History): string => events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? workflowIdOf('unknown')

/** A run that a reset has begun starts with a copy of the other run's events, that one's id among them, and names itself where it parts from them. */
function runIdIn({ events }: History): string | undefined {
  const reset = events?.findLast(({ workflowTaskFailedEventAttributes: failed }) => failed?.newRunId)
  return reset?.workflowTaskFailedEventAttributes?.newRunId ?? events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? undefined
}
