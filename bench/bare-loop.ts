/**
 * The floor that a turn is held against: a workflow of the same shape as an agent's and nothing in it. A message is an update
 * that is answered at the turn's end; a turn is one ordinary activity and two local ones; runs are as long as an agent's.
 */
import { allHandlersFinished, condition, continueAsNew, defineUpdate, proxyActivities, proxyLocalActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import type { BareActivities } from './bare-activities.ts'

const eventsPerRun = 300

const { think } = proxyActivities<Pick<BareActivities, 'think'>>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '6 seconds' })
const { record, endTurn } = proxyLocalActivities<Pick<BareActivities, 'record' | 'endTurn'>>({ startToCloseTimeout: '30 seconds' })

export async function bareLoop(): Promise<void> {
  const waiting: string[] = []
  const answered = new Set<string>()
  setHandler(defineUpdate<{ readonly id: string }, [string]>('message'), async (id) => {
    waiting.push(id)
    await condition(() => answered.has(id))
    return { id }
  })
  while (workflowInfo().historyLength <= eventsPerRun) {
    await condition(() => waiting.length > 0)
    const id = waiting.shift() ?? ''
    await think({ id })
    await record({ id })
    await endTurn({ id })
    answered.add(id)
  }
  await condition(allHandlersFinished)
  await continueAsNew<typeof bareLoop>()
}
