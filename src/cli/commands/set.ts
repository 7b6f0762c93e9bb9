import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { changeAgent } from '../change-agent.ts'
import { calledAsWritten, changesOf } from '../input/assignments.ts'
import { personHere } from '../input/person.ts'
import { withAgents } from '../with-agents.ts'

export function addSetCommand(program: Command): void {
  program
    .command('set')
    .argument('<agent>', 'the agent')
    .argument('<changes...>', 'FIELD=VALUE: model, window, name, description, tags, tools, approval, instructions (or @FILE), budget.steps, blocks.human.limit, …; none takes away')
    .description('changes an agent that lives, from its next step on')
    .option('--by <name>', 'who changes it (default: the user of this machine)')
    .action(async (agentId: string, assignments: readonly string[], { by }: { readonly by?: string }) => {
      const changes = changesOf(assignments)
      const lines = await withAgents(readConfig(process.env), ({ connection: { client } }) => calledAsWritten(() => changeAgent(client, agentId, changes, { author: by ?? personHere() })))
      process.stdout.write(`${lines.join('\n')}\n`)
    })
}
