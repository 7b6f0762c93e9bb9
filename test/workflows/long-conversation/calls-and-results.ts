import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { PerdureClient } from '../../../src/client/client.ts'

/** All of an agent's recall memory, oldest first. */
export async function allOfRecall(client: PerdureClient, agentId: string): Promise<readonly StoredMessage[]> {
  const all: StoredMessage[] = []
  for (;;) {
    const page = await client.messages(agentId, { after: all.at(-1)?.seq ?? 0, limit: 500 })
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** Calls that have not exactly one result right behind their step in the order asked, and results that answer none. In words. */
export function unpaired(messages: readonly StoredMessage[]): readonly string[] {
  const expected = messages.flatMap(({ seq, calls = [] }) => calls.map(({ id }, index) => `${seq + 1 + index} ${id}`))
  const found = messages.filter(({ role }) => role === 'tool').map(({ seq, callId }) => `${seq} ${callId ?? ''}`)
  return [
    ...expected.filter((pair) => !found.includes(pair)).map((pair) => `call without its result: ${pair}`),
    ...found.filter((pair) => !expected.includes(pair)).map((pair) => `result without its call: ${pair}`),
  ]
}
