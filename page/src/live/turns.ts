import type { StoredMessage, ToolCall } from '../../../clients/typescript/src/index.ts'
import type { Figures } from '../parts/figures.tsx'

/** A turn as it is shown: what woke the agent, and what came of it, in its order. */
export interface Turn {
  readonly turn: number
  /** Absent where the beginning of the turn is not loaded. */
  readonly event?: StoredMessage
  readonly items: readonly Item[]
  /** Of its steps that are loaded. */
  readonly figures: Figures
  readonly replies: number
  /** Its last word, as far as it is loaded, is a reply after which it wanted nothing more: so a turn ends that is completed. */
  readonly answered: boolean
  /** It took place elsewhere: what was said is known, and nothing of how. */
  readonly imported: boolean
  /** The last step whose prompt can be made again. */
  readonly promptStep?: number
}

export type Item =
  | { readonly type: 'notice'; readonly message: StoredMessage }
  | { readonly type: 'thoughts'; readonly seq: number; readonly call?: number; readonly text: string }
  | { readonly type: 'call'; readonly seq: number; readonly index: number; readonly call: ToolCall; readonly arguments: Arguments; readonly result?: StoredMessage }
  /** An answer that was cut off, or held back. */
  | { readonly type: 'ended'; readonly seq: number; readonly how: 'cut' | 'filtered' }

/** As the model wrote them; undefined where they are no JSON object. */
export type Arguments = Readonly<Record<string, unknown>> | undefined

/** @param messages ascending, without gaps */
export function turnsOf(messages: readonly StoredMessage[], before: readonly Turn[] = []): readonly Turn[] {
  const groups: StoredMessage[][] = []
  for (const message of messages) {
    const last = groups.at(-1)
    if (last?.[0]?.turn === message.turn) last.push(message)
    else groups.push([message])
  }
  const made = new Map(before.map((turn) => [turn.turn, turn]))
  return groups.map((group) => {
    const known = made.get(group[0]?.turn ?? 0)
    return known !== undefined && sources.get(known) === keyOf(group) ? known : turnOf(group)
  })
}

/** What a turn was made of: one that has not changed stays the same object, and is not drawn anew. */
const sources = new WeakMap<Turn, string>()
const keyOf = (group: readonly StoredMessage[]): string => `${group[0]?.seq ?? 0} ${group.at(-1)?.seq ?? 0} ${group.length}`

function turnOf(group: readonly StoredMessage[]): Turn {
  const items: Item[] = []
  const figures = { steps: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 0, unpriced: 0 }
  let costMicros: number | undefined
  let event: StoredMessage | undefined
  let replies = 0
  let promptStep: number | undefined
  const results = new Map(group.filter(({ role }) => role === 'tool').map((message) => [`${message.step} ${message.callId ?? ''}`, message]))
  const told = new Set<StoredMessage>()
  for (const message of group) {
    if (message.eventId !== undefined && event === undefined) event = message
    else if (message.role === 'assistant') {
      const { seq, step, text, calls = [], usage, latencyMs = 0, ended } = message
      figures.steps += 1
      if (message.context?.prompt !== undefined) promptStep = step
      figures.latencyMs += latencyMs
      if (usage !== undefined) {
        figures.promptTokens += usage.promptTokens
        figures.cachedTokens += usage.cachedTokens
        figures.completionTokens += usage.completionTokens
        if (usage.costMicros !== undefined) costMicros = (costMicros ?? 0) + usage.costMicros
        else figures.unpriced += 1
      }
      if (text.trim() !== '') items.push({ type: 'thoughts', seq, text })
      for (const [index, call] of calls.entries()) {
        const given = argumentsOf(call)
        const thoughts = given?.['inner_thoughts']
        if (typeof thoughts === 'string' && thoughts.trim() !== '') items.push({ type: 'thoughts', seq, call: index, text: thoughts })
        const result = results.get(`${step} ${call.id}`)
        if (result !== undefined) told.add(result)
        items.push({ type: 'call', seq, index, call, arguments: given, ...(result && { result }) })
      }
      if (ended !== undefined) items.push({ type: 'ended', seq, how: ended })
    } else if (message.role !== 'tool') items.push({ type: 'notice', message })
    if (message.reply !== undefined) replies += 1
  }
  // Results of calls whose message is not loaded stand alone.
  for (const message of results.values()) if (!told.has(message)) items.unshift({ type: 'notice', message })
  const turn: Turn = { turn: group[0]?.turn ?? 0, ...(event && { event }), items, figures: { ...figures, ...(costMicros !== undefined && { costMicros }) }, replies, answered: isAnswer(items.at(-1)), imported: isImported(group, event), ...(promptStep !== undefined && { promptStep }) }
  sources.set(turn, keyOf(group))
  return turn
}

/** An event's id says so; of a turn whose event is not loaded, or that has none, steps that nothing was measured of. */
function isImported(group: readonly StoredMessage[], event: StoredMessage | undefined): boolean {
  if (event?.eventId !== undefined) return event.eventId.startsWith('import-')
  const steps = group.filter(({ role }) => role === 'assistant')
  return steps.length > 0 && steps.every(({ usage, latencyMs, context }) => usage === undefined && latencyMs === undefined && context === undefined)
}

const isAnswer = (item: Item | undefined): boolean => item?.type === 'call' && item.result?.reply !== undefined && item.arguments?.['request_heartbeat'] !== true

export function argumentsOf({ arguments: text }: ToolCall): Arguments {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Arguments) : undefined
  } catch {
    return undefined
  }
}
