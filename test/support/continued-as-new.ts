import type { PerdureClient } from '../../src/client/client.ts'

/** Sends messages until the agent's workflow has continued as new. */
export async function untilContinuedAsNew(client: PerdureClient, agentId: string): Promise<void> {
  const runs = async (): Promise<number> => (await client.state(agentId)).counters.continuedAsNew
  for (const before = await runs(); (await runs()) === before; ) await client.send(agentId, 'And now?')
}
