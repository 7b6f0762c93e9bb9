import type { ToolCall } from '../../protocol/messages.ts'

/** A call as one would write it. Arguments that are no JSON stand as they are. */
export function callText({ name, arguments: written }: ToolCall): string {
  const args = argumentsIn(written)
  if (args === undefined) return `${name}(${written})`
  const shown = Object.entries(args).filter(([key]) => key !== 'inner_thoughts' && key !== 'request_heartbeat')
  const heartbeat = args.request_heartbeat === true ? ' ↻' : ''
  return `${name}(${shown.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')})${heartbeat}`
}

export function argumentsIn(written: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
