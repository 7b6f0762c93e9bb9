import { join } from 'node:path'
import { WorkflowFailedError } from '@temporalio/client'
import { afterEach, describe, expect, test } from 'vitest'
import { controlSettingsOf } from '../../src/protocol/definition.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { workflowType } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { initialState } from '../../src/protocol/state.ts'
import { simulatedModel } from '../../src/simulated/index.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { keptContents, putKeptFile } from '../stores/kept/kept-file.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
afterEach(() => agents.close())

describe('a workflow whose state', () => {
  test('is of a newer schema fails its task by name, not itself, so that a newer worker can take it [deploy:versioning]', async () => {
    agents = await startAgents({ model: scriptedModel([say('never')]) })
    const { agentId, taskQueue, temporal } = agents
    const state = { ...initialState(agentId, controlSettingsOf(defineAgent({ id: agentId }))), schema: 99 }
    const handle = await temporal.workflow.start(workflowType, { workflowId: workflowIdOf(agentId), taskQueue, args: [state] })
    const failure = async (): Promise<string | undefined> => {
      const { events } = await handle.fetchHistory()
      return events?.find(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined
    }
    await expect.poll(failure, { timeout: 20_000 }).toMatch(/schema-newer: agent .* carries a state of schema 99.*knows schemas up to 1/)
    expect((await handle.describe()).status.name).toBe('RUNNING')
  })

  test('is none fails at once and says so [agent:one-workflow]', async () => {
    agents = await startAgents({ model: scriptedModel([say('never')]) })
    const { agentId, taskQueue, temporal } = agents
    const garbage = [undefined, 'state', 7, [], {}, { schema: 1 }, { schema: 1, agentId: 'ada' }, { schema: '1', agentId: 'ada', settings: {} }]
    for (const [index, state] of garbage.entries()) {
      const handle = await temporal.workflow.start(workflowType, { workflowId: workflowIdOf(`${agentId}-${index}`), taskQueue, args: [state] })
      const error: unknown = await handle.result().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(WorkflowFailedError)
      expect((error as WorkflowFailedError).cause?.message).toMatch(/started by its client/)
    }
  })
})

test('an agent that 0.1.0 had in its memory file goes on talking from it after the migration [deploy:versioning]', async () => {
  const folder = await temporaryFolder()
  const file = join(folder.path, 'memory.db')
  putKeptFile('0.1.0', file)
  agents = await startAgents({ model: simulatedModel(), stores: await openEmbeddedStores({ file }) })
  const { client, temporal } = agents
  // Its workflow is gone with that version's Temporal server; another test's agent may have had the same name.
  await temporal.workflow.getHandle(workflowIdOf('ada')).terminate().catch(() => undefined)
  const { replyTexts, turn } = await client.send('ada', 'What is the name of my boat?')
  expect(replyTexts.join(' ')).toContain('Merope')
  expect(turn).toBe(Math.max(...keptContents('0.1.0').turns.map((kept) => kept.turn)) + 1)
  await client.command('ada', { type: 'load', name: 'before-move' })
  const human = (await client.blocks('ada')).find(({ label }) => label === 'human')
  expect(human?.value).toContain('Trieste')
  expect(human?.value).not.toContain('Ljubljana')
  await folder.remove()
})
