import type { StoredMessage, ToolCall } from '../../protocol/messages.ts'
import { hung } from '../terminal/wrap.ts'
import { callText } from './call-text.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'
import { hanging, oneLine } from './text.ts'

export interface MessagePlace {
  readonly palette: Palette
  readonly columns: number
  readonly wraps: boolean
}

const roomFor = ({ columns }: MessagePlace): number => Math.max(40, columns - 5)

/** Styles end with the line, so that nothing that is cut or scrolled leaves the rest dim. */
const dimLines = (lines: readonly string[], { palette }: MessagePlace): string => lines.map((line) => palette.dim(line)).join('\n')

export function thoughtText(thought: string, place: MessagePlace): string {
  const text = printable(thought.trim())
  return dimLines(place.wraps ? hung('  · ', text, place.columns - 1) : `  · ${hanging(text, 4)}`.split('\n'), place)
}

export const callLine = (call: ToolCall, place: MessagePlace): string => place.palette.dim(`  → ${oneLine(callText(call), roomFor(place))}`)

export function resultLine({ text, ok, toolName = '' }: Pick<StoredMessage, 'text' | 'ok' | 'toolName'>, place: MessagePlace, named = false): string {
  return place.palette.dim(`  ${ok === false ? '✗' : '←'} ${oneLine(named ? `${toolName}: ${text}` : text, roomFor(place))}`)
}

/** A word of the runtime, or what woke the agent. */
export const noticeLine = ({ kind, role, text }: Pick<StoredMessage, 'kind' | 'role' | 'text'>, place: MessagePlace): string =>
  place.palette.dim(`  ! ${oneLine(`${kind ?? role}: ${text}`, roomFor(place))}`)

/** `name> text`, further lines indented: the one form that does not change, for scripts to read. */
export function replyLine(reply: string, { palette, agentId }: { readonly palette: Palette; readonly agentId: string }): string {
  return `${palette.bold(palette.cyan(`${agentId}>`))} ${hanging(printable(reply), 2)}`
}
