import { Client } from '@temporalio/client'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from '../../../src/client/client.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { echoingModel } from './talk.ts'

let agents: Agents
afterEach(() => agents.close())

type Strike = () => Promise<unknown>

const strikes: Readonly<Record<string, Strike>> = {
  terminated: () => agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).terminate('the test'),
  deleted: async () => {
    const { workflowService, options } = agents.temporal
    await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution: { workflowId: workflowIdOf(agents.agentId) } })
    const gone = () => workflowService.describeWorkflowExecution({ namespace: options.namespace, execution: { workflowId: workflowIdOf(agents.agentId) } }).then(() => false, () => true)
    await expect.poll(gone).toBe(true)
  },
}

/** A client that meets a strike right before its workflow is described, once: it has just been seen to run. */
function clientThatMeets(strike: Strike) {
  const { temporal: { connection, options }, taskQueue, stores } = agents
  let met = false
  const temporal = new Client({
    connection,
    namespace: options.namespace,
    interceptors: {
      workflow: [
        {
          describe: async (input, next) => {
            if (!met) await strike()
            met = true
            return next(input)
          },
        },
      ],
    },
  })
  return createClient({ temporal, taskQueue, stores })
}

describe('an agent that is recovered while its workflow is', () => {
  test.each(Object.entries(strikes))('%s has another one, and whoever asked is told so [recover:from-stores]', { timeout: 60_000 }, async (_, strike) => {
    agents = await startAgents({ model: echoingModel() })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'One')
    // Something is due, so that the workflow has to be asked what it knows.
    await client.schedule(agentId, { id: 'tea', text: 'Tea!', afterMs: 3_600_000 })
    expect(await clientThatMeets(strike).recover(agentId)).toBe('started')
    // A workflow that has just begun reads the stores first.
    await expect.poll(async () => (await client.timers(agentId)).map(({ id }) => id)).toEqual(['tea'])
    expect(await client.send(agentId, 'Two')).toMatchObject({ turn: 2, end: 'completed' })
  })
})
