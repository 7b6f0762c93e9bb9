import type { ChatMessage, ModelRequest } from '../model/model.ts'
import { countTokens } from '../model/tokens.ts'
import { factsIn, keyOf, noteIn } from './facts.ts'
import { statementsOf } from './hits.ts'
import { shortened } from './phrases.ts'
import { sectionIn, summaryForm } from './summary-form.ts'
import { eventIn, recordIn } from './view.ts'

/*
 * An extractive summary: facts about the user, notes, and as much of the user's messages as fits. Its form can be read back, so a summary
 * of a summary keeps the facts of the earlier one.
 */
interface Digest {
  readonly facts: ReadonlyMap<string, string>
  readonly notes: readonly string[]
  readonly said: readonly string[]
}

export function summarise(request: ModelRequest): string {
  const material = request.messages.filter((message, index) => !(index === 0 && message.role === 'system'))
  const earlier = material.map((message) => digestIn(message.content))
  const words = material.flatMap(wordsOfUserIn)
  const facts = new Map([
    ...earlier.flatMap((digest) => [...digest.facts]),
    ...words
      .flatMap(factsIn)
      .filter((fact) => fact.label === 'human')
      .map((fact) => [keyOf(fact.line), fact.line] as const),
  ])
  const notes = [...new Set([...earlier.flatMap((digest) => digest.notes), ...words.flatMap((text) => noteIn(text) ?? [])])]
  const said = [
    ...new Set([...earlier.flatMap((digest) => digest.said), ...words.filter((text) => noteIn(text) === undefined).flatMap(statementsOf)]),
  ]
  return fitted({ facts, notes, said: said.map((text) => shortened(text, 240)) }, request.maxOutputTokens)
}

/** Drops the user's messages, oldest first, then notes, then facts, until the summary fits. */
function fitted(digest: Digest, tokens: number): string {
  let { said, notes } = digest
  let facts = [...digest.facts.values()]
  for (;;) {
    const text = render(facts, notes, said)
    if (countTokens(text) <= tokens || said.length + notes.length + facts.length === 0) return text
    // A fifth at a time takes few rounds and loses little more than needed.
    if (said.length > 0) said = said.slice(Math.ceil(said.length / 5))
    else if (notes.length > 0) notes = notes.slice(Math.ceil(notes.length / 5))
    else facts = facts.slice(Math.ceil(facts.length / 5))
  }
}

function render(facts: readonly string[], notes: readonly string[], said: readonly string[]): string {
  const sections = [
    [summaryForm.facts, facts],
    [summaryForm.notes, notes],
    [summaryForm.said, said],
  ] as const
  const lines = sections.flatMap(([{ head, separator }, parts]) => (parts.length === 0 ? [] : [`${head}${parts.join(separator)}`]))
  return lines.length === 0 ? 'The user and the agent talked; nothing in it asked to be kept.' : lines.join('\n')
}

function digestIn(text: string): Digest {
  return {
    facts: new Map(sectionIn(text, 'facts').map((line) => [keyOf(line), line])),
    notes: sectionIn(text, 'notes'),
    said: sectionIn(text, 'said'),
  }
}

/** The user's words: events of the queue as they are, or lines of a transcript that name the speaker. */
function wordsOfUserIn(message: ChatMessage): readonly string[] {
  if (message.role === 'assistant' || message.role === 'tool') return []
  if (recordIn(message.content) !== undefined) {
    const event = eventIn(message.content)
    return event.type === 'user_message' ? [event.text] : []
  }
  return message.content.split('\n').flatMap((line) => {
    const words =
      /^[\s\-*]*(?:\[[^\]]*\]\s*|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?\s+)?(?:the )?user(?: \(user[-_ ]message\))?:\s*(.+)$/i.exec(line)?.[1] ??
      (recordIn(line) === undefined ? undefined : line)
    return words === undefined ? [] : wordsIn(words)
  })
}

function wordsIn(text: string): readonly string[] {
  const event = eventIn(text)
  return event.type === 'user_message' && event.text !== '' ? [event.text] : []
}
