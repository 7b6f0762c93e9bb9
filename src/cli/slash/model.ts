import { changeAgent } from '../change-agent.ts'
import { calledAsWritten, changesOf } from '../input/assignments.ts'
import { personHere } from '../input/person.ts'
import { wordsIn } from '../input/words.ts'
import { required, type SlashCommand } from './command.ts'

export const model: SlashCommand = {
  name: 'model',
  argument: '[NAME]',
  summary: 'which model the agent has, or gives it another one',
  details: 'The agent uses it from its next step on.',
  run: async ({ agentId, connection: { client } }, argument) => {
    if (argument === '') return `The model is ${(await client.get(agentId))?.definition.model ?? 'unknown'}.`
    return (await changeAgent(client, agentId, { model: argument }, { author: personHere() })).join('\n')
  },
}

export const set: SlashCommand = {
  name: 'set',
  argument: 'FIELD=VALUE …',
  summary: 'changes what the agent is, such as window=64000',
  details: '/set window=64000 tags=books,lending\n/set description=\'two words\'\n/set budget.steps=9\n/set blocks.human.limit=4000\n/set blocks.old=none\nThe change holds from the next step on. `perdure definition AGENT` shows all fields and their versions.',
  run: async ({ agentId, connection: { client } }, argument) =>
    (await calledAsWritten(() => changeAgent(client, agentId, changesOf(wordsIn(required(argument, set, 'what is to change'))), { author: personHere() }))).join('\n'),
}
