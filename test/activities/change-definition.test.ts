import { afterEach, expect, test } from 'vitest'
import type { AgentChanges } from '../../src/definition/agent-changes.ts'
import type { AgentCommand } from '../../src/protocol/commands.ts'
import { controlSettingsOf } from '../../src/protocol/definition.ts'
import { initialState, type AgentState } from '../../src/protocol/state.ts'
import { scriptedModel } from '../../src/testing.ts'
import { runCommand } from '../../src/workflows/agent/commands.ts'
import { setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

async function begin(): Promise<AgentState> {
  here = await setting({ model: scriptedModel([]) })
  const agent = await here.stores.memory.agents.get('ada')
  if (agent === undefined) throw new Error('no agent')
  return initialState('ada', controlSettingsOf(agent.definition))
}

const give = async (state: AgentState, id: string, command: AgentCommand) => (await runCommand(state, { id, command }, (input) => here.run('runCommand', input))).answer

async function change(state: AgentState, id: string, changes: AgentChanges) {
  await here.stores.memory.definitions.propose({ agentId: 'ada', id, author: 'Eve', changes: JSON.stringify(changes) })
  return give(state, id, { type: 'define', change: id })
}

test('a change that is asked for again answers with its own version, and leaves the latest in force [definition:living commands:idempotent]', async () => {
  const state = await begin()
  expect(await change(state, 'one', { budget: { steps: 5 } })).toMatchObject({ status: 'done', version: 2 })
  expect(await change(state, 'two', { budget: { steps: 9 }, contextWindow: 16_000 })).toMatchObject({ status: 'done', version: 3 })
  expect(await change(state, 'one', { budget: { steps: 5 } })).toMatchObject({ status: 'done', version: 2, detail: expect.stringContaining('version 3 is in force') as string })
  expect(state).toMatchObject({ definition: 3, settings: { budget: { steps: 9 }, contextWindow: 16_000 } })
})

test('a change that has changed nothing, asked for again, takes nothing back that came after it [definition:living commands:idempotent]', async () => {
  const state = await begin()
  expect(await change(state, 'same', { model: 'scripted' })).toMatchObject({ status: 'done', version: 1 })
  expect(await change(state, 'newer', { model: 'newer' })).toMatchObject({ status: 'done', version: 2 })
  expect(await change(state, 'same', { model: 'scripted' })).toMatchObject({ status: 'done', version: 1, detail: expect.stringContaining('version 2 is in force') as string })
  expect(state).toMatchObject({ definition: 2, settings: { model: 'newer' } })
})

test('a checkpoint that is loaded again under its id leaves the latest definition in force [definition:living commands:idempotent]', async () => {
  const state = await begin()
  await give(state, 'save', { type: 'save', name: 'plain' })
  await change(state, 'rhymes', { instructions: 'Speak in rhymes.' })
  await give(state, 'load', { type: 'load', name: 'plain' })
  expect(state.definition).toBe(3)
  await change(state, 'steps', { budget: { steps: 9 } })
  expect(await give(state, 'load', { type: 'load', name: 'plain' })).toMatchObject({ status: 'done' })
  expect(state).toMatchObject({ definition: 4, settings: { budget: { steps: 9 } } })
})
