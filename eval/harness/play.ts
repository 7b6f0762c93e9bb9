import { appendFile } from 'node:fs/promises'
import { messageOf } from '../../src/protocol/errors.ts'
import type { OnProgress } from '../../src/stack/progress.ts'
import type { Arena } from './arena.ts'
import type { Budget } from './budget.ts'
import { scoresOf } from './score.ts'
import type { EvalKind, System } from './kind.ts'
import type { Answer, Question, Row } from './question.ts'

/** Questions under way at once. */
const atOnce = 6

export interface Play {
  readonly kind: EvalKind
  readonly systems: readonly System[]
  readonly arena: Arena
  readonly runs: number
  readonly seed: number
  readonly most: number | undefined
  readonly budget: Budget
  /** Each row is appended as soon as it is there: an interrupted evaluation keeps what it has. */
  readonly file: string
  readonly onProgress: OnProgress
}

/** Asks every system every question of every run. Ends early, with what it has, where the budget is used up. */
export async function play({ kind, systems, arena, runs, seed, most, budget, file, onProgress }: Play): Promise<readonly Row[]> {
  const startedAt = Date.now()
  const rows: Row[] = []
  for (let run = 1; run <= runs; run += 1) {
    const runSeed = seed + run - 1
    const questions = await kind.questions({ seed: runSeed, most })
    const asks = systems.flatMap((system) => questions.map((question) => ({ system, question })))
    const rowsOfRun: Row[] = []
    let done = 0
    await inParallel(asks.entries(), atOnce, async ([place, { system, question }]) => {
      if (budget.isUsedUp()) return
      const answer = await answerOf(system, question, arena, run)
      budget.spend(answer.figures)
      const row = rowOf({ kind, system, question, answer, run, seed: runSeed, arena })
      rowsOfRun[place] = row
      await appendFile(file, `${JSON.stringify(row)}\n`)
      done += 1
      onProgress(`${kind.name}: run ${run} of ${runs}, ${10 * Math.floor((10 * done) / asks.length)} %`, Math.round((Date.now() - startedAt) / 1_000))
    })
    // In the order in which they were asked, whichever was answered first; without holes where the budget was used up.
    rows.push(...rowsOfRun.filter(Boolean))
  }
  return rows
}

/** An error is an answer that failed: one question must not end the evaluation. */
async function answerOf(system: System, question: Question, arena: Arena, run: number): Promise<Answer> {
  try {
    return await system.ask(question, arena, run)
  } catch (error) {
    return { text: '', failure: messageOf(error), figures: { steps: 0, promptTokens: 0, completionTokens: 0, latencyMs: 0 } }
  }
}

function rowOf(options: {
  readonly kind: EvalKind
  readonly system: System
  readonly question: Question
  readonly answer: Answer
  readonly run: number
  readonly seed: number
  readonly arena: Arena
}): Row {
  const { kind, system, question, answer, run, seed, arena } = options
  return {
    kind: kind.name,
    system: system.name,
    model: system.name.startsWith('rules') ? 'rules' : arena.modelName,
    run,
    seed,
    question: question.id,
    group: question.group,
    asked: question.text,
    expected: question.expected,
    answer: answer.text,
    ...(answer.failure !== undefined && { failure: answer.failure }),
    scores: scoresOf(kind.scores, question, answer),
    figures: answer.figures,
  }
}

async function inParallel<Item>(items: IterableIterator<Item>, lanes: number, work: (item: Item) => Promise<void>): Promise<void> {
  const lane = async (): Promise<void> => {
    for (const item of items) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
