import { jsonObject } from '../../protocol/json.ts'
import type { ToolCall } from '../../protocol/messages.ts'

/** A call as one would write it. Arguments that are no JSON stand as they are. */
export function callText({ name, arguments: written }: ToolCall): string {
  const args = jsonObject(written)
  if (args === undefined) return `${name}(${written})`
  const shown = Object.entries(args).filter(([key]) => key !== 'inner_thoughts' && key !== 'request_heartbeat')
  const heartbeat = args.request_heartbeat === true ? ' ↻' : ''
  return `${name}(${shown.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')})${heartbeat}`
}
