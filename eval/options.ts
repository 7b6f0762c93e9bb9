import { resolve } from 'node:path'
import { listOf, numberFrom, oneOf, text, whole, type ValuesOf } from '../bench/begin/options.ts'
import { invalidArgument } from '../src/protocol/errors.ts'
import type { EvalKind } from './harness/kind.ts'
import { kinds } from './kinds/index.ts'
import { readLocomo, type Conversation } from './retrieval/locomo.ts'
import { memories, type MemoryName } from './retrieval/memories.ts'
import { rankings, type RankingName } from './retrieval/rankings.ts'
import { retrievalName } from './retrieval/report.ts'

/** What an evaluation is asked for. */
export interface EvalOptions {
  readonly kinds: readonly EvalKind[]
  /** Where the search of recall memory is measured, and on which file; absent: it is not. */
  readonly retrieval: { readonly memory: MemoryName; readonly rankings: readonly RankingName[]; readonly data: string; readonly conversations: number | undefined } | undefined
  readonly runs: number
  readonly seed: number
  readonly most: number | undefined
  readonly out: string
  readonly dollars: number | undefined
  readonly document: string | undefined
}

/** What it takes: options, and names of what is to be evaluated. */
export const taken = {
  runs: whole(3),
  seed: whole(1),
  questions: whole(undefined),
  out: text('a folder', 'eval-results'),
  data: text('the path of locomo10.json', undefined),
  conversations: whole(undefined),
  memory: oneOf(memories, 'embedded'),
  ranking: listOf(oneOf(rankings, undefined), ['words']),
  dollars: numberFrom(0, undefined),
  document: text('a file of Markdown', undefined),
}
export const takenNames: readonly string[] = [...kinds.map(({ name }) => name), retrievalName]

/** @throws PerdureError `invalid-argument` */
export function evalOptions({ values, names }: { readonly values: ValuesOf<typeof taken>; readonly names: readonly string[] }): EvalOptions {
  const { data, memory, ranking, conversations, runs, seed, dollars, document } = values
  const asksRetrieval = names.includes(retrievalName)
  if (data === undefined && asksRetrieval) throw invalidArgument(`${retrievalName} needs --data FILE: the path of locomo10.json, which its authors publish`)
  const all = names.length === 0
  return {
    kinds: all ? kinds : kinds.filter(({ name }) => names.includes(name)),
    retrieval: data !== undefined && (all || asksRetrieval) ? { memory, rankings: ranking, data, conversations } : undefined,
    runs,
    seed,
    most: values.questions,
    out: resolve(values.out),
    dollars,
    document,
  }
}

/** @throws PerdureError as `readLocomo`, and `invalid-argument` where there are fewer */
export async function conversationsOf({ data, conversations: most }: NonNullable<EvalOptions['retrieval']>): Promise<readonly Conversation[]> {
  const all = await readLocomo(data)
  if (most === undefined || most <= all.length) return all.slice(0, most)
  throw invalidArgument(`--conversations is at most ${all.length}, as many as ${data} has, not ${most}`)
}
