import { mean } from '../harness/spread.ts'
import { markdownTable, percent } from '../harness/table.ts'
import { mostResults, type Measured, type RetrievalRow } from './measure.ts'
import type { RankingName } from './rankings.ts'

/** As on the command line, and in `test/requirements.ts` after `eval:`. */
export const retrievalName = 'locomo'

const nameOfRanking = { words: 'words', meaning: 'meaning', both: 'words and meaning' } as const

const depths = [5, mostResults]

/** The share of the questions of which some evidence is among the first results: by category, and of all questions alike. */
export function retrievalReport({ memory, conversations, embedding, rows }: Measured): string {
  const rankings = [...new Set(rows.map(({ ranking }) => ranking))]
  const by = (ranking: RankingName): readonly RetrievalRow[] => rows.filter((row) => row.ranking === ranking)
  const categories = [...new Set(rows.map(({ category }) => category))].toSorted((one, other) => one - other)
  const of = (asked: readonly RetrievalRow[], category: number): readonly RetrievalRow[] => asked.filter((row) => row.category === category)
  const lines = rankings.flatMap((ranking) =>
    depths.map((depth) => [`${nameOfRanking[ranking]}, first ${depth}`, ...categories.map((category) => shareOf(of(by(ranking), category), depth)), shareOf(by(ranking), depth)]),
  )
  const questions = rankings.slice(0, 1).flatMap(by)
  return [
    '### Retrieval on LoCoMo',
    '',
    `Searched was ${memory}, as \`conversation_search\` does, with each question about ${conversations === 1 ? 'one conversation' : `${conversations} conversations`} as the query. ${embedding === undefined ? 'No model was asked' : `Vectors are of ${embedding.model}: those of ${embedding.exchanges} exchanges took ${embedding.seconds.toFixed(0)} seconds`}. Shown is the share of the questions ` +
      'of which at least one piece of evidence is among the first results. Categories are those of the file, by number.',
    '',
    markdownTable(['category', ...categories.map(String), 'all'], [['questions', ...categories.map((category) => String(of(questions, category).length)), String(questions.length)], ...lines]),
    '',
    ...rankings.map((ranking) => `A search by ${nameOfRanking[ranking]} took ${timesOf(by(ranking))}.`),
  ].join('\n')
}

function timesOf(rows: readonly RetrievalRow[]): string {
  const times = rows.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other)
  const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  return `${at(0.5)} ms (median), ${at(0.95)} ms (95 of 100)`
}

function shareOf(rows: readonly RetrievalRow[], depth: number): string {
  return percent(mean(rows.map(({ found, evidence }) => (found.slice(0, depth).some((id) => evidence.includes(id)) ? 1 : 0))))
}
