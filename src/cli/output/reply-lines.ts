import { growingText, type GrowingText } from '../markdown/growing-text.ts'
import { widthOf } from '../terminal/width.ts'
import { replyLine } from './turn-message.ts'
import type { Palette } from './palette.ts'

export interface ReplyPlace {
  readonly agentId: string
  readonly palette: Palette
  readonly columns: number
  readonly wraps: boolean
}

/** A long name stands on a line of its own; the text stands under the beginning of a short one's. */
const longestHead = 16
const indentation = 2

/** A reply under its speaker's name, as far as it has come. */
export interface GrowingReply {
  readonly text: GrowingText
  /** Lines that are finished, once. */
  takeFinished(): string[]
  /** What is left, as it looks now. */
  rest(): string[]
}

/** @param place its width is read whenever lines are drawn: a terminal may be resized while a reply is written */
export function growingReply(place: ReplyPlace): GrowingReply {
  const { agentId, palette } = place
  const text = growingText(palette)
  const name = `${agentId}>`
  const beside = widthOf(name) + 1 <= longestHead
  const blanks = beside ? widthOf(name) + 1 : indentation
  const room = (): number => Math.max(20, place.columns - blanks - 1)
  let begun = false
  const under = (lines: readonly string[]): string[] => {
    if (lines.length === 0) return []
    const head = palette.bold(palette.cyan(name))
    const indented = lines.map((line) => (line === '' ? '' : ' '.repeat(blanks) + line))
    if (begun) return indented
    return beside ? [`${head} ${lines[0] ?? ''}`, ...indented.slice(1)] : [head, ...indented]
  }
  return {
    text,
    takeFinished: () => {
      const lines = under(text.takeFinished(room()))
      if (lines.length > 0) begun = true
      return lines
    },
    rest: () => under(text.rest(room())),
  }
}

/** The whole of it. Where lines are not broken: in the one form that does not change, for scripts to read. */
export function replyText(reply: string, place: ReplyPlace): string {
  if (!place.wraps) return replyLine(reply, place)
  const growing = growingReply(place)
  growing.text.add(reply)
  return growing.rest().join('\n')
}
