import { parsedJson } from '../../protocol/json.ts'

const prefix = 'resp_'

/** Names a response: the agent, the event, and how many results of calls had been given. */
export const responseIdOf = (agent: string, eventId: string, results: number): string => prefix + Buffer.from(JSON.stringify([agent, eventId, results])).toString('base64url')

/** Undefined for an id that is none of ours: of another server, say, in a history that was begun there. */
export function agentOfResponse(id: string): string | undefined {
  const read = parsedJson(Buffer.from(id.slice(prefix.length), 'base64url').toString())
  const [agent] = Array.isArray(read) ? (read as readonly unknown[]) : []
  return typeof agent === 'string' ? agent : undefined
}
