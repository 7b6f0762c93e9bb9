import type { OnDelta } from '../../model/model.ts'
import { argumentTexts } from './argument-texts.ts'
import { wellFormed, withoutHalf } from '../../protocol/well-formed.ts'

/** A text that whoever watches is to see. */
export interface ShownText {
  readonly kind: 'thoughts' | 'text'
  readonly text: string
  readonly call?: number
  readonly callId?: string
}

/** More calls than a step may have are cut from the reply, and are not shown. */
const replyTool = 'send_message'

/**
 * What of a model's deltas is to be seen: thoughts, wherever they stand, and the replies. A reply is shown as it will be stored, without
 * white space around it.
 * @param isShown whether the replies that this tool sends may be seen before the call has run; not where a person has to approve it first
 */
export function shownTexts(options: { readonly mostCalls: number; readonly isShown: (tool: string) => boolean; readonly onText: (text: ShownText) => void }): OnDelta {
  const { mostCalls, isShown, onText } = options
  const readers = new Map<number, (piece: string) => void>()
  const readerOf = (call: number, tool: string, callId: string | undefined): ((piece: string) => void) => {
    const of = { call, ...(callId !== undefined && { callId }) }
    const reply = trimmed((text) => onText({ kind: 'text', text, ...of }))
    return argumentTexts((key, text) => {
      if (key === 'inner_thoughts') onText({ kind: 'thoughts', text, ...of })
      else if (key === 'message' && tool === replyTool && isShown(tool)) reply(text)
    })
  }
  const beside = wholePairs((text) => onText({ kind: 'thoughts', text }))
  return (delta) => {
    if (delta.type !== 'call') {
      beside(delta.text)
      return
    }
    const { index, id, name, arguments: piece } = delta
    if (index >= mostCalls) return
    if (name !== undefined && !readers.has(index)) readers.set(index, readerOf(index, name, id))
    if (piece !== '') readers.get(index)?.(piece)
  }
}

/** The text as `trim` leaves it: white space waits until something follows. */
function trimmed(onText: (text: string) => void): (piece: string) => void {
  let waiting = ''
  let begun = false
  return (piece) => {
    const text = begun ? waiting + piece : (waiting + piece).trimStart()
    const shown = text.trimEnd()
    waiting = text.slice(shown.length)
    begun ||= shown !== ''
    if (shown !== '') onText(shown)
  }
}

/** Hands a text on without parting surrogate pairs: the first half waits for the piece with the second. */
function wholePairs(onText: (text: string) => void): (piece: string) => void {
  let waiting = ''
  return (piece) => {
    const text = waiting + piece
    const whole = withoutHalf(text)
    waiting = text.slice(whole.length)
    if (whole !== '') onText(wellFormed(whole))
  }
}
