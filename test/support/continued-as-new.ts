import type { PerdureClient } from '../../src/client/client.ts'

const runsOf = async (client: PerdureClient, agentId: string): Promise<number> => (await client.state(agentId)).counters.continuedAsNew

/** Sends messages until the agent's workflow has continued as new. */
export async function untilContinuedAsNew(client: PerdureClient, agentId: string): Promise<void> {
  for (const before = await runsOf(client, agentId); (await runsOf(client, agentId)) === before; ) await client.send(agentId, 'And now?')
}

interface Posts {
  readonly least: number
  readonly textOf?: (index: number) => string
}

/** Posts at least so many messages, and more until the agent's workflow has continued as new: a young run goes on past its events. @returns their event ids */
export async function postedUntilContinuedAsNew(client: PerdureClient, agentId: string, { least, textOf = (index) => `message m${index}` }: Posts): Promise<readonly string[]> {
  const ids: string[] = []
  while (ids.length < least || (await runsOf(client, agentId)) === 0) {
    const eventId = `m${ids.length}`
    await client.post(agentId, textOf(ids.length), { eventId })
    ids.push(eventId)
  }
  return ids
}
