import type { Command } from 'commander'
import type { CallToAnswer } from '../../client/call-to-answer.ts'
import { readConfig } from '../../config/config.ts'
import type { PerdureClient } from '../../index.ts'
import { personHere } from '../input/person.ts'
import { changedArguments, pickCall } from '../input/pick-call.ts'
import { asJson, printList, type JsonOption } from '../output/json-lines.ts'
import { paletteFor } from '../output/palette.ts'
import { waitingLines } from '../output/waiting-call.ts'
import { withAgents } from '../with-agents.ts'

/** `waiting`, `approve` and `refuse`: for whoever answers outside of the chat. */
export function addApprovalCommands(program: Command): void {
  const call = ['[call]', 'which of several: its number, or its operation id'] as const
  const by = ['--by <name>', 'who answers (default: the user of this machine)'] as const
  asJson(program.command('waiting').argument('<agent>', 'the agent').description('lists the calls that wait for an approval, or for the program that runs them')).action(listWaiting)
  program
    .command('approve')
    .argument('<agent>', 'the agent')
    .argument(...call)
    .description('lets a call that waits run')
    .option('--arguments <json>', 'arguments to change before, as a JSON object')
    .option(...by)
    .action((agent: string, word: string | undefined, options: { readonly arguments?: string; readonly by?: string }) =>
      answer(agent, word, async (client, waiting) => {
        const edited = options.arguments === undefined ? {} : { arguments: changedArguments(waiting, options.arguments) }
        await client.approve(agent, waiting.op, { by: options.by ?? personHere(), ...edited })
        return 'approved'
      }),
    )
  program
    .command('refuse')
    .argument('<agent>', 'the agent')
    .argument(...call)
    .argument('[reason...]', 'why, for the agent')
    .description('does not let a call that waits run')
    .option(...by)
    .action((agent: string, word: string | undefined, reason: readonly string[], options: { readonly by?: string }) =>
      answer(agent, word, async (client, waiting) => {
        await client.refuse(agent, waiting.op, { by: options.by ?? personHere(), ...(reason.length > 0 && { reason: reason.join(' ') }) })
        return 'refused'
      }),
    )
}

async function listWaiting(agent: string, json: JsonOption): Promise<void> {
  const calls = await withAgents(readConfig(process.env), ({ connection: { client } }) => client.waiting(agent))
  printList(calls, json, () => (calls.length === 0 ? ['No call waits.'] : waitingLines(calls, paletteFor(process.stdout))))
}

async function answer(agent: string, word: string | undefined, give: (client: PerdureClient, call: CallToAnswer) => Promise<string>): Promise<void> {
  const line = await withAgents(readConfig(process.env), async ({ connection: { client } }) => {
    const call = pickCall(await client.waiting(agent), word)
    const given = await give(client, call)
    const left = (await client.waiting(agent)).length
    return `${call.name} (${call.op}) is ${given}; ${left === 0 ? 'the turn goes on' : `${left} more ${left === 1 ? 'call waits' : 'calls wait'}`}.`
  })
  process.stdout.write(`${line}\n`)
}
