import type { TurnEvent } from '../../../clients/typescript/src/index.ts'

/** What the model is writing, in pieces that belong together. */
export interface LiveStep {
  readonly turn: number
  readonly step: number
  /** That the step's message will have. */
  readonly seq: number
  readonly texts: readonly LiveText[]
}

export interface LiveText {
  readonly kind: 'thoughts' | 'text'
  /** Absent: beside the calls. */
  readonly call?: number
  readonly text: string
}

/** The step after this event; undefined where none is being written. */
export function liveAfter(live: LiveStep | undefined, event: TurnEvent): LiveStep | undefined {
  switch (event.type) {
    case 'step':
    case 'reset':
      return { turn: event.turn, step: event.step, seq: event.seq, texts: [] }
    case 'delta': {
      const { turn, step, seq, kind, call, text } = event
      const texts = live?.seq === seq ? live.texts : []
      const last = texts.at(-1)
      const piece = { kind, ...(call !== undefined && { call }) }
      if (last !== undefined && last.kind === kind && last.call === call) return { turn, step, seq, texts: [...texts.slice(0, -1), { ...piece, text: last.text + text }] }
      return { turn, step, seq, texts: [...texts, { ...piece, text }] }
    }
    case 'message':
      return live !== undefined && event.seq >= live.seq ? undefined : live
    case 'end':
    case 'parked':
      return undefined
    default:
      return live
  }
}
