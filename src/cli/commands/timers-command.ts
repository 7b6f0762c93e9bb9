import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import type { Timer } from '../../index.ts'
import { asJson, printList, type JsonOption } from '../output/json-lines.ts'
import { timersList } from '../output/timers-list.ts'
import { withAgents } from '../with-agents.ts'

export function addTimersCommand(program: Command): void {
  asJson(program.command('timers').argument('<name>', 'the agent').description('lists the timers of an agent; /timer in a chat sets them')).action(
    async (name: string, json: JsonOption) => {
      const timers = await withAgents(readConfig(process.env), ({ connection: { client } }) => client.timers(name))
      printList(timers.map(shown), json, () => timersList(timers))
    },
  )
}

/** What programs get. */
function shown({ id, dueAt, everyMs, left, text }: Timer): object {
  return { id, dueAt: new Date(dueAt).toISOString(), everyMs, left, text }
}
