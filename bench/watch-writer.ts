/** Writes turns into the stores, as a worker of another process does, at moments that nobody can foresee; each message says when it was there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openStores, type StoresConfig } from '../src/stores/open.ts'
import type { StoredMessage } from '../src/protocol/messages.ts'

const [config = '', agentId = '', turns = ''] = process.argv.slice(2)
const stores = await openStores(JSON.parse(config) as StoresConfig)
const { messages, turns: records } = stores.memory

const figures = { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 }
const roles = ['user', 'assistant', 'tool'] as const
let seq = 0
for (let turn = 1; turn <= Number(turns); turn += 1) {
  for (const [step, role] of roles.entries()) {
    seq += 1
    const message: StoredMessage = { agentId, op: `${agentId}/bench/${seq}`, seq, turn, step: Math.min(step, 1), role, text: role, tokens: 1, at: new Date().toISOString(), ...(role === 'user' && { kind: 'user-message', eventId: `event-${turn}` }) }
    await messages.insert(message)
    process.send?.({ seq, at: performance.timeOrigin + performance.now() })
    await sleep(100 + 200 * Math.random())
  }
  await records.put(agentId, { turn, eventId: `event-${turn}`, end: 'completed', replies: [], figures })
  await sleep(100 + 200 * Math.random())
}
await stores.close()
process.disconnect()
