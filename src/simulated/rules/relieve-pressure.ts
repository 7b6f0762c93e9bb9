import { factsIn, keyOf } from '../facts.ts'
import { isNew } from '../known-facts.ts'
import type { Move, PlannedCall, Rule } from '../move.ts'
import { statementsOf } from '../hits.ts'
import { shortened } from '../phrases.ts'
import { blockOf, type Situation } from '../situation.ts'

/** Characters of the gist of the conversation, which is saved beside the facts. */
const gistCharacters = 1_200

/** Before messages are evicted, saves the facts that core memory lacks and the gist of what the user said. Sends no message. */
export const relievePressure: Rule = (situation) => {
  if (situation.cause?.type !== 'memory_pressure' || savedSince(situation)) return undefined
  // If the user's last message has no answer yet, the turn goes on after saving.
  const heartbeat = situation.unanswered !== undefined
  const calls = [...factsToSave(situation), ...gistToSave(situation)].filter((call) => situation.view.toolNames.has(call.name))
  return calls.length === 0
    ? undefined
    : ({
        thoughts: 'My context is filling up; what matters must be saved before it goes.',
        calls: calls.map((call) => ({ ...call, heartbeat })),
      } satisfies Move)
}

function savedSince({ view }: Situation): boolean {
  const { queue } = view
  const alert = queue.findLastIndex((entry) => entry.entry === 'event' && entry.type === 'memory_pressure')
  return queue.slice(alert + 1).some((entry) => entry.entry === 'step')
}

function factsToSave(situation: Situation): readonly PlannedCall[] {
  // Take the latest statement on each subject first, and only then ask whether core memory holds it.
  const latest = new Map(
    wordsOfUser(situation)
      .flatMap(factsIn)
      .filter((fact) => fact.label === 'human')
      .map((fact) => [keyOf(fact.line), fact] as const),
  )
  const content = [...latest.values()]
    .filter((fact) => isNew(situation, fact))
    .map(({ line }) => line)
    .join('\n')
  if (content === '') return []
  const block = blockOf(situation, 'human')
  const fits = block !== undefined && !block.readOnly && (block.limit === 0 || block.value.length + content.length + 1 <= block.limit)
  return [
    fits
      ? { name: 'core_memory_append', args: { label: 'human', content }, heartbeat: false }
      : { name: 'archival_memory_insert', args: { content }, heartbeat: false },
  ]
}

function gistToSave(situation: Situation): readonly PlannedCall[] {
  const statements = [...new Set(wordsOfUser(situation).flatMap(statementsOf))].filter((text) => text.split(/\s+/).length > 3)
  if (statements.length === 0) return []
  // Long statements tell more; in the order in which they were said.
  const chosen = new Set<string>()
  let characters = 0
  for (const text of statements.toSorted((a, b) => b.length - a.length)) {
    const short = shortened(text, 300)
    if (characters + short.length > gistCharacters) continue
    characters += short.length
    chosen.add(text)
  }
  const content = `The user said: ${statements
    .filter((text) => chosen.has(text))
    .map((text) => shortened(text, 300))
    .join(' / ')}`
  return [{ name: 'archival_memory_insert', args: { content }, heartbeat: false }]
}

function wordsOfUser({ view }: Situation): readonly string[] {
  return view.queue.flatMap((entry) => (entry.entry === 'event' && entry.type === 'user_message' ? [entry.text] : []))
}
