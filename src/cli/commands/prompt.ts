import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { PerdureError, type PerdureClient, type StepOfTurn } from '../../index.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { exitStatus } from '../output/exit-status.ts'
import { asJson, printList, type JsonOption } from '../output/json-lines.ts'
import { paletteFor } from '../output/palette.ts'
import { promptLines } from '../output/prompt-lines.ts'
import { withAgents } from '../with-agents.ts'

export function addPromptCommand(program: Command): void {
  const command = program
    .command('prompt')
    .argument('<agent>', 'the agent')
    .argument('[turn]', 'number of the turn (default: of the latest step)', wholeNumberOption)
    .argument('[step]', 'number of the step in it', wholeNumberOption)
    .description('shows the exact prompt of a step, made again of what is stored and checked by the digest that the step has kept')
  asJson(command).action(async (agent: string, turn: number | undefined, step: number | undefined, json: JsonOption) => {
    if (turn !== undefined && step === undefined) throw invalidArgument('a step is named by two numbers, its turn and its step; without both it is the latest')
    const prompt = await withAgents(readConfig(process.env), async ({ connection: { client } }) => client.prompt(agent, turn === undefined || step === undefined ? await latestStep(client, agent) : { turn, step }), { worker: 'unneeded' })
    printList([prompt], json, () => promptLines(prompt, paletteFor(process.stdout)))
    if (!prompt.exact) process.exitCode = exitStatus.failure
  })
}

async function latestStep(client: PerdureClient, agent: string): Promise<StepOfTurn> {
  const { messages } = await client.searchRecall(agent, { roles: ['assistant'], limit: 1 })
  if (messages[0] === undefined) throw new PerdureError('prompt-unknown', `agent ${JSON.stringify(agent)} has taken no step yet`)
  return messages[0]
}
