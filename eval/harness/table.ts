import type { EvalKind } from './kind.ts'
import type { Row, ScoreName } from './question.ts'
import { grouped, mean, spreadOf } from './spread.ts'

const scoreTitles: Readonly<Record<ScoreName, string>> = {
  exact: 'exact match',
  contained: 'answer contained',
  rougeL: 'ROUGE-L recall',
}

export const whatRulesShow =
  'These answers come from rules, not from a language model. They show that the machinery works: that what was stored is found, over as many steps as it ' +
  'takes, and what it costs. They say nothing about a model, and do not compare with the figures of any paper.'

const [mostReasons, mostOfReason] = [5, 300]

/** The tables of one kind: one of rules, one of language models, never mixed. */
export function tablesOf(kind: EvalKind, rows: readonly Row[], setting: { readonly simulated: boolean }): string {
  const runs = new Set(rows.map(({ run }) => run)).size
  const seeds = [...new Set(rows.map(({ seed }) => seed))].join(', ')
  const tables = kind.scores.flatMap((score) => [`**${scoreTitles[score]}**, by ${kind.groupTitle}; mean of ${runs} ${runs === 1 ? 'run' : 'runs'} (least to most)`, '', scoreTable(kind, rows, score), ''])
  return [
    `### ${kind.title}`,
    '',
    kind.about,
    '',
    ...(setting.simulated ? [whatRulesShow, ''] : []),
    ...tables,
    '**What an answer took**, on average',
    '',
    figuresTable(rows),
    '',
    `Seeds: ${seeds}. Failed: ${rows.filter(({ failure }) => failure !== undefined).length} of ${rows.length} answers.`,
    ...failuresOf(rows),
  ].join('\n')
}

/** Why answers failed, most frequent reasons first: they count as wrong in the tables above, and nothing was wrong with the memory, perhaps. */
function failuresOf(rows: readonly Row[]): readonly string[] {
  const failed = rows.flatMap(({ failure }) => (failure === undefined ? [] : [{ why: failure.replaceAll(/\s+/g, ' ').slice(0, mostOfReason) }]))
  const reasons = [...grouped(failed, ({ why }) => why)].toSorted(([, one], [, other]) => other.length - one.length)
  const shown = reasons.slice(0, mostReasons).map(([why, those]) => `- ${those.length} of them: ${why}`)
  return shown.length === 0 ? [] : ['', ...shown, ...(reasons.length > mostReasons ? [`- ${reasons.length - mostReasons} other reasons`] : [])]
}

function scoreTable(kind: EvalKind, rows: readonly Row[], score: ScoreName): string {
  const groups = [...grouped(rows, ({ group }) => group).keys()]
  const lines = [...grouped(rows, ({ system }) => system)].map(([system, own]) => {
    const cells = groups.map((group) => {
      const some = own.filter((row) => row.group === group)
      if (some.length === 0) return ''
      const { mean: middle, least, most } = spreadOf(some, score)
      return least === most ? percent(middle) : `${percent(middle)} (${percent(least)} to ${percent(most)})`
    })
    return [system, ...cells]
  })
  return markdownTable([kind.groupTitle, ...groups], lines)
}

function figuresTable(rows: readonly Row[]): string {
  const lines = [...grouped(rows, ({ system }) => system)].map(([system, own]) => {
    const average = (read: (row: Row) => number | undefined): string => {
      const values = own.map(read).filter((value) => value !== undefined)
      return values.length === 0 ? 'none' : String(Math.round(mean(values) * 10) / 10)
    }
    const cost = own.map(({ figures }) => figures.costMicros).filter((value) => value !== undefined)
    return [
      system,
      average(({ figures }) => figures.steps),
      average(({ figures }) => figures.promptTokens),
      average(({ figures }) => figures.completionTokens),
      average(({ figures }) => figures.latencyMs),
      average(({ figures }) => figures.events),
      cost.length === 0 ? 'unknown' : `$${(cost.reduce((sum, micros) => sum + micros, 0) / 1_000_000).toFixed(4)} in all`,
    ]
  })
  return markdownTable(['', 'steps', 'prompt tokens', 'completion tokens', 'ms', 'Temporal events', 'cost'], lines)
}

export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [row(head), `|${'---|'.repeat(head.length)}`, ...lines.map(row)].join('\n')
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`
