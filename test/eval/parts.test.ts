import { describe, expect, test } from 'vitest'
import { budgetOf } from '../../eval/harness/budget.ts'
import type { EvalKind } from '../../eval/harness/kind.ts'
import type { Answer, Question, Row } from '../../eval/harness/question.ts'
import { plotOf } from '../../eval/harness/plot.ts'
import { random, seedOf } from '../../eval/harness/random.ts'
import { rougeL, scoresOf } from '../../eval/harness/score.ts'
import { spreadOf } from '../../eval/harness/spread.ts'
import { tablesOf, whatRulesShow } from '../../eval/harness/table.ts'
import { sessionsOf } from '../../eval/kinds/dmr/data.ts'
import { libraryOf, markIn } from '../../eval/kinds/doc-qa/data.ts'
import { dialogueIdsIn, timeIn } from '../../eval/retrieval/locomo.ts'
import { retrievalReport } from '../../eval/retrieval/report.ts'
import { kinds } from '../../eval/kinds/index.ts'
import { nestedPairs, pairCount } from '../../eval/kinds/nested-kv/data.ts'

const words = (text: string): string[] => text.split(' ')
const figures = { steps: 1, promptTokens: 1_000_000, completionTokens: 500_000, latencyMs: 5 }
const question: Question = { id: 'q', group: 'g', text: 'Where?', expected: ['Porto', 'Oporto'], scene: undefined }
const answer = (text: string, failure?: string): Answer => ({ text, figures, ...(failure !== undefined && { failure }) })

describe('questions', () => {
  test.each(kinds.map((kind) => [kind.name, kind] as const))(
    'of %s are the same for the same seed, and others for another [eval:nested-kv eval:dmr eval:doc-qa eval:memory-skills]',
    async (_, kind) => {
      const asked = (seed: number) => kind.questions({ seed, most: 3 })
      expect(await asked(1)).toEqual(await asked(1))
      expect(await asked(1)).not.toEqual(await asked(2))
      const ids = (await asked(1)).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    },
  )

  test('of nested-kv are 140 pairs in which a chain as long as the level says leads to the answer, which is no key [eval:nested-kv]', () => {
    for (const level of [0, 1, 2, 3, 4]) {
      const { pairs, key, answer: last } = nestedPairs({ seed: 7, level, ordering: 3 })
      expect(pairs).toHaveLength(pairCount)
      const values = new Map(pairs)
      expect(values.size).toBe(pairCount)
      let value = key
      let lookups = 0
      for (let next = values.get(value); next !== undefined; next = values.get(value)) {
        value = next
        lookups += 1
      }
      expect([value, lookups]).toEqual([last, level + 1])
    }
  })

  test('of dmr ask for facts that were said once, in the session named, and nowhere else [eval:dmr]', () => {
    const { messages, asked } = sessionsOf(3, 0)
    expect(asked).toHaveLength(4)
    const days = [...new Set(messages.map(({ at }) => at.slice(0, 10)))]
    for (const { fact, session } of asked) {
      const said = messages.filter(({ text }) => text.includes(fact.value))
      expect(said.map(({ at }) => days.indexOf(at.slice(0, 10)))).toEqual([session])
    }
  })

  test('of doc-qa have one document with the answer [eval:doc-qa]', () => {
    const { documents, answer: mark } = libraryOf({ seed: 1, rank: 15, number: 2 })
    expect(documents.filter((text) => markIn(text) !== undefined).map(markIn)).toEqual([mark])
  })

  test('of LoCoMo have times as its file writes them [eval:locomo]', () => {
    expect(new Date(timeIn('1:56 pm on 8 May, 2023') ?? 0).toISOString()).toBe('2023-05-08T13:56:00.000Z')
    expect(new Date(timeIn('12:09 am on 13 September, 2023') ?? 0).toISOString()).toBe('2023-09-13T00:09:00.000Z')
    expect(timeIn('yesterday')).toBeUndefined()
  })

  test('of LoCoMo name their evidence in one way, however its file writes it [eval:locomo]', () => {
    expect(['D8:6; D9:17', 'D30:05', 'D:11:26', 'D1:2 D10:1', 'D'].map(dialogueIdsIn)).toEqual([['D8:6', 'D9:17'], ['D30:5'], ['D11:26'], ['D1:2', 'D10:1'], []])
  })
})

describe('scores', () => {
  test('take the best of the expected answers, whatever case and punctuation [eval:nested-kv eval:dmr]', () => {
    expect(scoresOf(['exact', 'contained'], question, answer('porto.'))).toEqual({ exact: 1, contained: 1 })
    expect(scoresOf(['exact', 'contained'], question, answer('You live in Oporto, Ada.'))).toEqual({ exact: 0, contained: 1 })
    expect(scoresOf(['contained'], question, answer('You live in Portofino.'))).toEqual({ contained: 0 })
    expect(scoresOf(['exact'], question, answer('Porto', 'stopped: step budget'))).toEqual({ exact: 0 })
  })

  test('of ROUGE-L are the share of the expected words that come in their order [eval:dmr]', () => {
    expect(rougeL(words('the cat sat'), words('the cat sat down'))).toBe(1)
    expect(rougeL(words('the cat sat'), words('sat the cat'))).toBeCloseTo(2 / 3)
    expect(rougeL(words('the cat'), words('a dog'))).toBe(0)
  })

  test('of several runs have a mean and a spread [eval:memory-skills]', () => {
    const row = (run: number, exact: number): Row => ({
      kind: 'k', system: 's', model: 'm', run, seed: run, question: 'q', group: 'g', asked: '', expected: [], answer: '', scores: { exact }, figures,
    })
    expect(spreadOf([row(1, 1), row(1, 0), row(2, 1), row(2, 1)], 'exact')).toEqual({ mean: 0.75, least: 0.5, most: 1, questions: 4 })
  })
})

describe('a report', () => {
  const kind = { name: 'k', title: 'Kind', about: 'About it.', groupTitle: 'level', scores: ['exact'] } as unknown as EvalKind
  const rows = ['0', '1'].flatMap((group): Row[] => [
    { kind: 'k', system: 'one & <two>', model: 'm', run: 1, seed: 1, question: 'q', group, asked: '', expected: [], answer: '', scores: { exact: 1 - Number(group) }, figures },
  ])

  test('of rules says that it says nothing of a model [eval:nested-kv]', () => {
    expect(tablesOf(kind, rows, { simulated: true })).toContain(whatRulesShow)
    expect(tablesOf(kind, rows, { simulated: false })).not.toContain(whatRulesShow)
    expect(tablesOf(kind, rows, { simulated: true })).toContain('| one & <two> | 100 % | 0 % |')
  })

  test('says why answers failed, the most frequent reason first: they count as wrong [eval:nested-kv]', () => {
    const failed = (failure: string): Row => ({ ...(rows[0] as Row), failure })
    const tables = tablesOf(kind, [...rows, failed('parked: no\nroute'), failed('stopped: too long'), failed('parked: no route')], { simulated: false })
    expect(tables).toContain('Failed: 3 of 5 answers.\n\n- 2 of them: parked: no route\n- 1 of them: stopped: too long')
    expect(tablesOf(kind, rows, { simulated: false })).toMatch(/Failed: 0 of 2 answers\.$/)
  })

  test('of retrieval has shares by category and of all questions, and says what was searched [eval:locomo]', () => {
    const row = (category: number, found: readonly string[], ranking: 'words' | 'both' = 'words') => ({ kind: 'locomo', ranking, question: 'q', category, evidence: ['D1:1', 'D1:2'], found, milliseconds: 2 }) as const
    const report = retrievalReport({ memory: 'some memory', conversations: 2, rows: [row(1, ['D1:2']), row(4, ['a', 'b', 'c', 'd', 'e', 'D1:1']), row(4, []), row(4, ['D1:1'], 'both'), row(4, [], 'both'), row(1, [], 'both')] })
    expect(report).toContain('Searched was some memory, as `conversation_search` does, with each question about 2 conversations as the query.')
    expect(report).toContain('| words, first 5 | 100 % | 0 % | 33 % |')
    expect(report).toContain('| words, first 10 | 100 % | 50 % | 67 % |')
    expect(report).toContain('| words and meaning, first 5 | 0 % | 50 % | 33 % |')
    expect(report).toContain('| questions | 1 | 2 | 3 |')
  })

  test('has a plot that is well-formed [eval:nested-kv]', () => {
    const plot = plotOf(kind, rows)
    expect(plot).toContain('one &amp; &lt;two>')
    expect(plot.match(/<circle/g)).toHaveLength(2)
    expect(plot).not.toMatch(/NaN|undefined/)
  })
})

describe('chance', () => {
  test('is the same for the same seed, and shuffles without loss [eval:nested-kv]', () => {
    const items = Array.from({ length: 50 }, (_, index) => index)
    expect(random(5).shuffled(items)).toEqual(random(5).shuffled(items))
    expect(random(5).shuffled(items)).not.toEqual(items)
    expect(random(5).shuffled(items).toSorted((a, b) => a - b)).toEqual(items)
    expect(random(5).uuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(seedOf('a', 1)).not.toBe(seedOf('a', 2))
  })
})

describe('a budget', () => {
  test('is used up when what was answered has cost as much [cost]', () => {
    const budget = budgetOf(0.05)
    expect(budget.isUsedUp()).toBe(false)
    budget.spend({})
    budget.spend({ costMicros: 20_000 })
    expect(budget.isUsedUp()).toBe(false)
    budget.spend({ costMicros: 30_000 })
    expect([budget.spent, budget.isUsedUp()]).toEqual([0.05, true])
    const free = budgetOf(undefined)
    free.spend({ costMicros: 7_000_000 })
    expect([free.spent, free.isUsedUp()]).toEqual([7, false])
  })
})
