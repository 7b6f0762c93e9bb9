import { temporal as proto } from '@temporalio/proto'
import { afterEach, describe, expect, test } from 'vitest'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

const ExcludeType = proto.api.enums.v1.ResetReapplyExcludeType

let agents: Agents
afterEach(() => agents.close())

const workflow = () => agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
const seen = async () => (await agents.client.messages(agents.agentId)).flatMap(({ context, model }) => (context === undefined ? [] : [[context.definition, model]]))

async function changedTwice(): Promise<ScriptedModel> {
  const model = scriptedModel([], { afterwards: () => say('Hello.') })
  agents = await startAgents({ model })
  const { client, agentId } = agents
  await client.create({ id: agentId, model: 'scripted' })
  await client.send(agentId, 'One')
  await client.update(agentId, { model: 'second', contextWindow: 16_000, budget: { steps: 9 } })
  await client.update(agentId, { model: 'third', instructions: 'Speak in rhymes.' })
  return model
}

describe('the definition in force', () => {
  test('is that of the stores where the workflow is gone [definition:living recover:from-stores]', async () => {
    const model = await changedTwice()
    const { client, agentId } = agents
    await workflow().terminate('somebody pressed the wrong button')
    await client.send(agentId, 'Two')
    expect(await client.state(agentId)).toMatchObject({ definition: 3, model: 'third', contextWindow: 16_000 })
    expect(model.requests.at(-1)?.messages[0]?.content).toContain('Speak in rhymes.')
    expect(await seen()).toEqual([[1, 'scripted'], [3, 'third']])
    expect(await client.undoDefinition(agentId, { to: 1 })).toMatchObject({ version: 4, definition: { model: 'scripted' } })
  })

  test('is that of the stores where the workflow was reset to a time before it was changed [definition:living recover:from-stores]', async () => {
    await changedTwice()
    const { client, agentId, temporal } = agents
    const { events } = await workflow().fetchHistory()
    const ended = events?.filter(({ workflowTaskCompletedEventAttributes: completed }) => completed).at(1)
    await temporal.workflowService.resetWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowExecution: { workflowId: workflowIdOf(agentId) },
      reason: 'a test',
      requestId: 'reset',
      workflowTaskFinishEventId: ended?.eventId ?? null,
      resetReapplyExcludeTypes: [ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE, ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL],
    })
    expect(await client.send(agentId, 'Two')).toMatchObject({ end: 'completed' })
    expect(await client.state(agentId)).toMatchObject({ definition: 3, model: 'third', contextWindow: 16_000 })
    expect((await seen()).at(-1)).toEqual([3, 'third'])
  })

  test('is carried from run to run [definition:living pressure:continue-as-new]', async () => {
    await changedTwice()
    const { client, agentId } = agents
    await client.command(agentId, { type: 'renew' })
    await client.send(agentId, 'Two')
    expect(await client.state(agentId)).toMatchObject({ definition: 3, model: 'third', counters: { continuedAsNew: 1 } })
    expect((await workflow().describe()).memo).toMatchObject({ model: 'third', contextWindow: 16_000 })
  })
})
