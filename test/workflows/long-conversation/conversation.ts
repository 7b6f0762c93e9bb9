import { Client } from '@temporalio/client'
import { inject } from 'vitest'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { simulatedModel } from '../../../src/testing.ts'
import type { TurnResult } from '../../../src/client/types.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { conversationOf } from './messages.ts'
import { watched, type Inference } from './watched-model.ts'

export interface Conversation {
  readonly agents: Agents
  readonly client: PerdureClient
  readonly agentId: string
  /** What the user said, in order. */
  readonly texts: readonly string[]
  readonly results: readonly TurnResult[]
  readonly inferences: readonly Inference[]
  close(): Promise<void>
}

/**
 * A conversation with the simulated model from its first word to its last: `first` opens it, `last` ends it, and between them
 * lies daily life. Each message is sent as soon as the one before it is answered.
 */
export async function converse(options: { readonly turns: number; readonly contextWindow: number; readonly first: string; readonly last: string }): Promise<Conversation> {
  const { turns, contextWindow, first, last } = options
  const model = watched(simulatedModel())
  const agents = await startAgents({ model })
  const connection = await connectTemporal({ address: inject('temporalAddress') })
  const temporal = new Client({ connection, namespace: inject('temporalNamespace') })
  const { agentId, taskQueue, stores } = agents
  const client = createClient({ temporal, taskQueue, stores })
  const close = async (): Promise<void> => {
    await connection.close()
    await agents.close()
  }
  try {
    await client.create({ id: agentId, contextWindow })
    const texts = [first, ...conversationOf({ turns: turns - 2, seed: 7 }), last]
    const results: TurnResult[] = []
    for (const [index, text] of texts.entries()) results.push(await client.send(agentId, text, { eventId: `message-${index + 1}` }))
    return { agents, client, agentId, texts, results, inferences: model.inferences, close }
  } catch (error) {
    await close()
    throw error
  }
}
