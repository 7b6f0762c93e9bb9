import type { Answer, Question, ScoreName } from './question.ts'

/** From 0 to 1, of the best of the expected answers. A failed answer scores 0. */
export function scoresOf(names: readonly ScoreName[], question: Question, answer: Answer): Partial<Record<ScoreName, number>> {
  return Object.fromEntries(names.map((name) => [name, answer.failure === undefined ? best(name, question.expected, answer.text) : 0]))
}

function best(name: ScoreName, expected: readonly string[], text: string): number {
  const score = measures[name]
  return Math.max(0, ...expected.map((right) => score(right, text)))
}

const measures: Readonly<Record<ScoreName, (expected: string, text: string) => number>> = {
  exact: (expected, text) => (normal(text) === normal(expected) ? 1 : 0),
  contained: (expected, text) => (` ${normal(text)} `.includes(` ${normal(expected)} `) ? 1 : 0),
  rougeL: (expected, text) => rougeL(wordsOf(expected), wordsOf(text)),
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
const normal = (text: string): string => wordsOf(text).join(' ')

/**
 * ROUGE-L recall: the longest common subsequence of words, as a share of the expected answer's. Recall, as in the MemGPT
 * paper's table of deep memory retrieval, since agents answer in whole sentences.
 */
export function rougeL(expected: readonly string[], text: readonly string[]): number {
  if (expected.length === 0) return 0
  let row = new Array<number>(text.length + 1).fill(0)
  for (const word of expected) {
    const before = row
    row = [0]
    for (const [index, other] of text.entries()) {
      const diagonal = before[index] ?? 0
      row.push(word === other ? diagonal + 1 : Math.max(before[index + 1] ?? 0, row[index] ?? 0))
    }
  }
  return (row.at(-1) ?? 0) / expected.length
}
