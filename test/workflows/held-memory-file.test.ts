import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, describe, expect, test } from 'vitest'
import type { ChatModel } from '../../src/model/model.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
afterEach(() => agents.close())

describe('a memory file that somebody else holds for longer than a write waits', () => {
  test('while the model answers: the answer that was paid for is stored when the file is free, and not asked for again [step:at-most-once mailbox:durable]', async () => {
    const folder = await temporaryFolder()
    const file = join(folder.path, 'memory.db')
    const stores = await openEmbeddedStores({ file })
    const script = scriptedModel([say('Hello.')])
    let asked = 0
    let free = false
    // Another connection to the file is to this one as another process is.
    const holder = new Libsql(file)
    const model: ChatModel = {
      ...script,
      complete: async (request, signal) => {
        const reply = await script.complete(request, signal)
        asked += 1
        holder.exec('BEGIN IMMEDIATE')
        setTimeout(() => {
          holder.exec('COMMIT')
          free = true
        }, 12_000)
        return reply
      },
    }
    agents = await startAgents({ model, stores })
    await agents.client.create({ id: agents.agentId, model: 'scripted' })
    const result = await agents.client.send(agents.agentId, 'Hello?', { until: 'end' })
    expect(free).toBe(true)
    expect(result).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    expect(asked).toBe(1)
    expect((await agents.client.messages(agents.agentId)).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
    holder.close()
    await folder.remove()
  })
})
