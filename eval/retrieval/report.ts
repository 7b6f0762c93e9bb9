import { mean } from '../harness/spread.ts'
import { markdownTable, percent } from '../harness/table.ts'
import { mostResults, type Measured, type RetrievalRow } from './measure.ts'

/** As on the command line, and in `test/requirements.ts` after `eval:`. */
export const retrievalName = 'locomo'

const nameOfRanking = { words: 'words', meaning: 'meaning', both: 'words and meaning' } as const

const depths = [5, mostResults]

/** The share of the questions of which some evidence is among the first results: by category, and of all questions alike. */
export function retrievalReport({ memory, ranking, embedding, rows }: Measured): string {
  const categories = [...new Set(rows.map(({ category }) => category))].toSorted((one, other) => one - other)
  const lines = depths.map((depth) => [`${nameOfRanking[ranking]}, first ${depth}`, ...categories.map((category) => shareOf(rows.filter((row) => row.category === category), depth)), shareOf(rows, depth)])
  const times = rows.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other)
  const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  return [
    '### Retrieval on LoCoMo',
    '',
    `Searched was ${memory}, as \`conversation_search\` does, with each question as the query. ${embedding === undefined ? 'No model was asked' : `Vectors are of ${embedding.model}: those of ${embedding.exchanges} exchanges took ${embedding.seconds.toFixed(0)} seconds`}. Shown is the share of the questions ` +
      'of which at least one piece of evidence is among the first results. Categories are those of the file, by number.',
    '',
    markdownTable(['category', ...categories.map(String), 'all'], [['questions', ...categories.map((category) => String(rows.filter((row) => row.category === category).length)), String(rows.length)], ...lines]),
    '',
    `A search took ${at(0.5)} ms (median), ${at(0.95)} ms (95 of 100).`,
  ].join('\n')
}

function shareOf(rows: readonly RetrievalRow[], depth: number): string {
  return percent(mean(rows.map(({ found, evidence }) => (found.slice(0, depth).some((id) => evidence.includes(id)) ? 1 : 0))))
}
