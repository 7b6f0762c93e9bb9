import { linesOf } from './blocks.ts'
import { statementsOf } from './hits.ts'
import { clauseOf, listed, sentence, shortened } from './phrases.ts'
import type { Question } from './question.ts'
import { blockOf, earlierWordsOfUser, type Situation } from './situation.ts'
import { statementsInSummary } from './summary-form.ts'
import { coverage } from './words.ts'

/** An answer has more than half of the question's keywords: a favourite colour does not answer "favourite food". */
const enough = 0.55

/** The answer that main context itself holds: in core memory, in the queue, or in the summary. */
export function recollect(situation: Situation, question: Question): string | undefined {
  if (question.kind === 'dates' || question.first) return undefined
  const facts = best(situation.view.blocks.filter((block) => block.label !== 'persona').flatMap(linesOf), question.keywords)
  if (facts.length > 0 && question.kind === 'fact') return told(facts)
  const [words] = best(earlierWordsOfUser(situation).toReversed().flatMap(statementsOf), question.keywords)
  if (words !== undefined) return `You told me: "${shortened(words, 300)}"`
  const [summarised] = best(statementsInSummary(situation.view.summary), question.keywords)
  if (summarised !== undefined) return `From earlier I still know this: ${sentence(clauseOf(summarised))}`
  return facts.length === 0 ? undefined : told(facts)
}

export function aboutUser(situation: Situation): readonly string[] {
  return linesOf(blockOf(situation, 'human')).map(clauseOf)
}

/** The texts with the most keywords; several if they have equally many. */
function best(texts: readonly string[], keywords: readonly string[]): readonly string[] {
  const scored = texts.map((text) => ({ text, score: coverage(keywords, text) })).filter(({ score }) => score > enough)
  const top = Math.max(...scored.map(({ score }) => score))
  return scored.filter(({ score }) => score === top).map(({ text }) => text)
}

const told = (facts: readonly string[]): string => sentence(listed(facts.slice(0, 8).map(clauseOf)))
