import { changeAgent } from '../change-agent.ts'
import { changesOf } from '../input/assignments.ts'
import { personHere } from '../input/person.ts'
import { required, type SlashCommand } from './command.ts'

export const model: SlashCommand = {
  name: 'model',
  argument: '[NAME]',
  summary: 'which model the agent has, or gives it another one from its next step on',
  run: async ({ agentId, connection: { client } }, argument) => {
    if (argument === '') return `The model is ${(await client.get(agentId))?.definition.model ?? 'unknown'}.`
    return (await changeAgent(client, agentId, { model: argument }, { author: personHere() })).join('\n')
  },
}

export const set: SlashCommand = {
  name: 'set',
  argument: 'FIELD=VALUE',
  summary: 'changes what the agent is, from its next step on: window=64000, tags=a,b, budget.steps=9, …',
  run: async ({ agentId, connection: { client } }, argument) =>
    (await changeAgent(client, agentId, changesOf([required(argument, set, 'what is to change')]), { author: personHere() })).join('\n'),
}
