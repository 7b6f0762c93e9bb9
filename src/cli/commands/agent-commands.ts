import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { innerId } from '../../protocol/tenant.ts'
import { agentStatuses } from '../../client/agent-status.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { agentLines, agentPages, type WantedAgents } from '../output/agents-list.ts'
import { asJson, printJson, type JsonOption } from '../output/json-lines.ts'
import { openAwaited, openOutbox } from '../chat/outbox.ts'
import { counted } from '../output/text.ts'
import { withAgents } from '../with-agents.ts'

/** `agents` and `delete`. */
export function addAgentCommands(program: Command): void {
  asJson(program.command('agents').description('lists the agents, by name'))
    .option('--tag <tag>', 'only those that have this tag')
    .option('--model <name>', 'only those of this model')
    .option('--status <status>', `only those that are ${agentStatuses.join(', ')}, as far as Temporal's index shows`)
    .option('--limit <number>', 'so many at the most (default: all)', wholeNumberOption)
    .option('--after <name>', 'those after this one; of a later agent of its name, its key')
    .action(listAgents)
  program
    .command('delete')
    .argument('<name>', 'the agent')
    .description('ends an agent and deletes all that is stored of it')
    .option('-y, --yes', 'without asking')
    .action(deleteAgent)
}

async function listAgents({ json, ...wanted }: WantedAgents & JsonOption): Promise<void> {
  await withAgents(readConfig(process.env), async ({ connection }) => {
    if (json === true) for await (const { agents } of agentPages(connection, wanted)) printJson(agents)
    else for await (const line of agentLines(connection, wanted)) process.stdout.write(`${line}\n`)
  }, { worker: 'unneeded' })
}

async function deleteAgent(name: string, options: { readonly yes?: true }): Promise<void> {
  const config = readConfig(process.env)
  if (options.yes !== true && !process.stdin.isTTY) {
    throw invalidArgument(`deleting ${JSON.stringify(name)} can't be undone; write \`perdure delete ${name} --yes\``)
  }
  await withAgents(config, async ({ connection: { client } }) => {
    const agent = await client.get(name)
    if (agent === undefined) throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(name)}; \`perdure agents\` lists them`)
    const { recall, archival } = await client.counts(name)
    const what = `${name} with ${counted(recall, 'message')} and ${counted(archival, 'passage')}`
    if (options.yes !== true && !(await confirmed(`Delete ${what} for ever? Type the agent's name: `, name))) {
      process.stdout.write('Nothing was deleted.\n')
      return
    }
    await client.delete(name)
    const folder = innerId(config.tenant, agent.key)
    openOutbox(config.home, folder).clear()
    openAwaited(config.home, folder).clear()
    process.stdout.write(`Deleted ${what}.\n`)
  })
}

async function confirmed(question: string, answer: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await reader.question(question)).trim() === answer
  } finally {
    reader.close()
  }
}
