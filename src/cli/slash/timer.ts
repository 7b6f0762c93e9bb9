import { invalidArgument } from '../../protocol/errors.ts'
import { exactTime } from '../output/text.ts'
import { howOften, timersList } from '../output/timers-list.ts'
import type { SlashCommand } from './command.ts'
import { readTimer, timerName } from './timer-words.ts'

export const timer: SlashCommand = {
  name: 'timer',
  argument: '[in 10m TEXT]',
  summary: 'lists the timers, or sets one; /help timer shows how',
  details: '/timer in 10m TEXT\n/timer at 08:00 TEXT\n/timer every 1d at 08:00 TEXT\n/timer remove NAME\nA span is 90s, 10m, 2h, 1d, 1w, or several together, like 1h30m. Times are of this machine.',
  run: async ({ agentId, connection: { client } }, argument) => {
    const words = readTimer(argument, new Date())
    switch (words.type) {
      case 'list':
        return timersList(await client.timers(agentId)).join('\n')
      case 'remove': {
        if (await client.unschedule(agentId, words.id)) return `Timer ${words.id} is removed.`
        const ids = (await client.timers(agentId)).map(({ id }) => id)
        throw invalidArgument(`there is no timer ${words.id}; ${ids.length === 0 ? 'none waits' : `there are ${ids.join(', ')}`}`)
      }
      case 'add': {
        const taken = (await client.timers(agentId)).map(({ id }) => id)
        const set = await client.schedule(agentId, { id: timerName(words.timer.text, taken), ...words.timer })
        const { id, dueAt, everyMs } = set.timer
        return `Timer ${id}: ${exactTime(dueAt)}, ${howOften(set.timer)}${everyMs === undefined ? '' : `; /timer remove ${id} ends it`}.`
      }
    }
  },
}
