import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { timersList } from '../output/timers-list.ts'
import { withAgents } from '../with-agents.ts'

export function addTimersCommand(program: Command): void {
  program
    .command('timers')
    .argument('<name>', 'the agent')
    .description('lists the timers of an agent; /timer in a chat sets them')
    .action(async (name: string) => {
      const lines = await withAgents(readConfig(process.env), async ({ connection: { client } }) => timersList(await client.timers(name)))
      process.stdout.write(`${lines.join('\n')}\n`)
    })
}
