/** A client as a process of its own that sends one message and waits for its turn; it dies where it is told to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../../src/connect.ts'
import { createClient } from '../../../src/client/client.ts'
import { readConfig } from '../../../src/config/config.ts'
import type { EventStore } from '../../../src/stores/events.ts'

export type SenderPoint = 'body-due' | 'body-stored' | 'never'

process.stdin.resume().on('end', () => process.exit())

const [agentId = '', eventId = '', text = '', point = ''] = process.argv.slice(2)
const config = readConfig(process.env)
const { temporal, stores } = await connect(config)
const dieAt = async (here: SenderPoint): Promise<void> => {
  if (here !== point) return
  process.kill(process.pid, 'SIGKILL')
  await sleep(60_000)
}
const events: EventStore = {
  ...stores.memory.events,
  deposit: async (event, taskQueue) => {
    await dieAt('body-due')
    const stored = await stores.memory.events.deposit(event, taskQueue)
    await dieAt('body-stored')
    return stored
  },
}
const client = createClient({ temporal, taskQueue: config.taskQueue, stores: { ...stores, memory: { ...stores.memory, events } } })
console.log('ready')
await client.send(agentId, text, { eventId })
