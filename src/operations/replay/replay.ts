import type { DataConverter } from '@temporalio/common'
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker'
import { workflowSource } from '../../worker/workflow-source.ts'
import { whereItLeaves, type Departure } from './departure.ts'
import type { Run } from './history-file.ts'

export interface ReplayedRun {
  readonly workflowId: string
  readonly runId: string
  readonly file?: string
  readonly events: number
  /** Absent: the present code does what the history says. */
  readonly departure?: Departure
}

/**
 * Plays each history against the present code of the workflows, as a worker does that takes an agent over. No activity is run and
 * nothing is written. One history is held at a time.
 * @param options.workflowBundle default: that of this installation
 */
export async function* replay(
  runs: AsyncIterable<Run>,
  options: { readonly dataConverter: DataConverter; readonly workflowBundle?: ReplayWorkerOptions['workflowBundle'] },
): AsyncGenerator<ReplayedRun> {
  const { dataConverter, workflowBundle } = options
  let current: Run | undefined
  const fed = async function* (): AsyncGenerator<Run> {
    for await (const run of runs) yield (current = run)
  }
  const replayOptions = { dataConverter, ...workflowSource({ workflowBundle, dataConverter }) }
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(replayOptions, fed())) {
    if (current === undefined) continue
    const { history, file } = current
    yield {
      workflowId,
      runId: current.runId ?? runId,
      ...(file !== undefined && { file }),
      events: history.events?.length ?? 0,
      ...(error && { departure: whereItLeaves(error, history) }),
    }
  }
}
