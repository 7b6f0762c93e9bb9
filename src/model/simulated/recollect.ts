import { linesOf } from './blocks.ts'
import { statementsOf } from './hits.ts'
import { clauseOf, sentence, shortened } from './phrases.ts'
import type { Question } from './question.ts'
import { blockOf, earlierWordsOfUser, type Situation } from './situation.ts'
import { coverage } from './words.ts'

/** More than half of what is asked for: "favourite food" is not answered by a favourite colour. */
const enough = 0.55

/** The answer that main context itself holds: in core memory, in the queue, or in the summary. */
export function recollect(situation: Situation, question: Question): string | undefined {
  if (question.kind === 'dates' || question.first) return undefined
  const fact = best(situation.view.blocks.filter((block) => block.label !== 'persona').flatMap(linesOf), question.keywords)
  if (fact !== undefined && question.kind === 'fact') return sentence(clauseOf(fact))
  const words = best(earlierWordsOfUser(situation).toReversed().flatMap(statementsOf), question.keywords)
  if (words !== undefined) return `You told me: "${shortened(words, 300)}"`
  const summarised = best(situation.view.summary.split(/\n|; |(?<=[.!?]) /), question.keywords)
  if (summarised !== undefined) return `From earlier I still know this: ${sentence(clauseOf(summarised.replace(/^[^:"]{1,30}:\s+(?=\S+.*:|")/, '').trim()))}`
  return fact === undefined ? undefined : sentence(clauseOf(fact))
}

export function aboutUser(situation: Situation): readonly string[] {
  return linesOf(blockOf(situation, 'human')).map(clauseOf)
}

function best(texts: readonly string[], keywords: readonly string[]): string | undefined {
  const scored = texts.map((text) => ({ text, score: coverage(keywords, text) })).filter(({ score }) => score > enough)
  return scored.toSorted((a, b) => b.score - a.score)[0]?.text
}
