import type { StoredMessage, ToolCall } from '../../protocol/messages.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'
import { hanging, oneLine } from './text.ts'

export interface TurnMessageOptions {
  readonly palette: Palette
  readonly agentId: string
  /** Inner thoughts, tool calls, results and the runtime's own messages too. */
  readonly thoughts: boolean
  /** Width of the lines that are cut. */
  readonly columns: number
}

/** One message of a running turn as a person sees it; undefined if it is not shown. */
export function turnMessage(message: StoredMessage, options: TurnMessageOptions): string | undefined {
  if (message.reply !== undefined) return replyLine(message.reply, options)
  if (!options.thoughts || message.kind === 'user-message') return undefined
  const { dim } = options.palette
  const width = Math.max(40, options.columns - 4)
  switch (message.role) {
    case 'assistant': {
      const thoughts = message.text.trim() === '' ? [] : [`  · ${hanging(printable(message.text.trim()), 4)}`]
      const calls = (message.calls ?? []).filter(({ name }) => name !== 'send_message').map((call) => `  → ${oneLine(callText(call), width)}`)
      const lines = [...thoughts, ...calls]
      return lines.length === 0 ? undefined : lines.map((line) => dimLines(line, dim)).join('\n')
    }
    case 'tool': {
      const text = oneLine(message.text, width)
      return dim(message.ok === false ? `  ✗ ${text}` : `  ← ${text}`)
    }
    default:
      return dim(`  ! ${oneLine(`${message.kind ?? message.role}: ${message.text}`, width)}`)
  }
}

/** `name> text`, further lines indented: the one form that does not change, for scripts to read. */
export function replyLine(reply: string, { palette, agentId }: Pick<TurnMessageOptions, 'palette' | 'agentId'>): string {
  return `${palette.bold(palette.cyan(`${agentId}>`))} ${hanging(printable(reply), 2)}`
}

/** A call as one would write it. Arguments that are no JSON stand as they are. */
export function callText({ name, arguments: written }: ToolCall): string {
  const args = argumentsIn(written)
  if (args === undefined) return `${name}(${written})`
  const shown = Object.entries(args).filter(([key]) => key !== 'inner_thoughts' && key !== 'request_heartbeat')
  const heartbeat = args.request_heartbeat === true ? ' ↻' : ''
  return `${name}(${shown.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')})${heartbeat}`
}

function argumentsIn(written: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Styles end with the line, so that nothing that is cut or scrolled leaves the rest dim. */
function dimLines(text: string, dim: Palette['dim']): string {
  return text.split('\n').map((line) => dim(line)).join('\n')
}
