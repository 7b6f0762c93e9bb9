import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readOptions } from '../../bench/begin/options.ts'
import type { Row } from '../../eval/harness/question.ts'
import { conversationsOf, evalOptions, taken, takenNames } from '../../eval/options.ts'
import { serveModel, simulatedEmbedder, simulatedModel } from '../../src/testing.ts'

const entry = fileURLToPath(new URL('../../eval/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'perdure-eval-'))

/** `npm run eval -- …`, as a process of its own. */
function runEval(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ readonly status: number | null; readonly output: string; readonly errors: string }> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PERDURE|OPENAI|MONGODB|QDRANT)_/.test(name)))
  const child = spawn(process.execPath, ['--import', 'tsx', entry, '--out', folder, ...args], { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output, errors })))
}

const rowsOf = (kind: string): Row[] =>
  readFileSync(join(folder, `${kind}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

const meanOf = (rows: readonly Row[], system: string, group: string): number => {
  const some = rows.filter((row) => row.system === system && row.group === group)
  return some.reduce((sum, { scores }) => sum + (Object.values(scores)[0] ?? 0), 0) / some.length
}

/** In the shape of locomo10.json: two sessions, three questions. */
const locomo = [
  {
    sample_id: 'conv-1',
    conversation: {
      speaker_a: 'Ann',
      speaker_b: 'Bob',
      session_1_date_time: '1:56 pm on 8 May, 2023',
      session_1: [
        { speaker: 'Ann', dia_id: 'D1:1', text: 'I adopted a tortoise called Wilma.' },
        { speaker: 'Bob', dia_id: 'D1:2', text: 'How lovely! I baked a rhubarb pie.' },
      ],
      session_2_date_time: '10:00 am on 1 June, 2023',
      session_2: [{ speaker: 'Ann', dia_id: 'D2:1', text: 'The weather is grey again.' }],
    },
    qa: [
      { question: 'What is the tortoise called?', answer: 'Wilma', evidence: ['D1:1'], category: 1 },
      { question: 'Which pie was baked?', answer: 'rhubarb', evidence: ['D1:2'], category: 4 },
      { question: 'Zygote?', answer: 'none', evidence: ['D2:1'], category: 5 },
    ],
  },
]

// Each is a process that runs agents, on a machine that may be busy.
describe('an evaluation with rules', { timeout: 180_000 }, () => {
  test('shows that an agent that looks on finds what one that stops does not [eval:nested-kv eval:doc-qa eval:memory-skills eval:dmr]', async () => {
    const { status, output, errors } = await runEval(['nested-kv', 'doc-qa', 'memory-skills', 'dmr', '--questions', '1', '--runs', '2'])
    expect([status, errors.includes('Error')]).toEqual([0, false])
    const nested = rowsOf('nested-kv')
    expect(nested).toHaveLength(2 * 5 * 4)
    for (const level of ['0', '2', '4']) expect(meanOf(nested, 'rules: follow until it is no key', level)).toBe(1)
    expect(['0', '2', '4'].map((level) => meanOf(nested, 'rules: one lookup', level))).toEqual([1, 0, 0])
    const documents = rowsOf('doc-qa')
    expect(['1', '8', '30'].map((rank) => meanOf(documents, 'rules: page until it is found', rank))).toEqual([1, 1, 1])
    expect(['1', '8', '30'].map((rank) => meanOf(documents, 'rules: fixed window, k = 10', rank))).toEqual([1, 1, 0])
    const skills = rowsOf('memory-skills')
    expect(new Set(skills.map(({ group }) => group)).size).toBe(5)
    expect(skills.filter(({ scores }) => scores.contained !== 1)).toEqual([])
    const sessions = rowsOf('dmr').filter(({ group }) => group === 'session 1')
    expect(['rules: recall search', 'rules: window only'].map((system) => meanOf(sessions, system, 'session 1'))).toEqual([1, 0])
    expect(nested.every(({ figures, system }) => figures.promptTokens > 0 && (system.includes('window') || (figures.events ?? 0) > 10))).toBe(true)
    expect(output).toContain('These answers come from rules, not from a language model.')
    expect(readFileSync(join(folder, 'nested-kv.svg'), 'utf8')).toContain('</svg>')
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('### Memory skills')
  })

  test('measures on a file of the user how often the search of recall memory finds evidence, by category, and prints a table alone [eval:locomo]', async () => {
    const file = join(folder, 'locomo.json')
    writeFileSync(file, JSON.stringify([...locomo, ...locomo]))
    const { status, output, errors } = await runEval(['locomo', '--data', file, '--conversations', '1', '--ranking', 'words,both'])
    expect(status).toBe(0)
    expect(output).toContain('Searched was the embedded memory (a libSQL file), as `conversation_search` does, with each question about one conversation as the query.')
    expect(output).toContain('| words, first 5 | 100 % | 100 % | 0 % | 67 % |')
    expect(output).toContain('| words and meaning, first 5 | 100 % | 100 % |')
    expect(errors.split('\n').filter((line) => line !== '' && !line.startsWith('locomo: '))).toEqual([])
    const rows = readFileSync(join(folder, 'locomo.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { readonly ranking: string; readonly found: readonly string[] })
    expect(rows.filter(({ ranking }) => ranking === 'words').map(({ found }) => found.find((id) => ['D1:1', 'D1:2'].includes(id)))).toEqual(['D1:1', 'D1:2', undefined])
  })
})

describe('an evaluation of an endpoint', { timeout: 180_000 }, () => {
  test('asks its model, keeps what was answered and ends cleanly when the budget is used up [eval:memory-skills cost]', async () => {
    const served = await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder() })
    const env = { OPENAI_BASE_URL: served.url, OPENAI_API_KEY: 'none', PERDURE_MODEL: 'some-model', PERDURE_PRICES: 'some-model=1/1/1', PERDURE_EMBEDDING_MODEL: 'perdure-simulated-embedding' }
    const { status, output } = await runEval(['memory-skills', '--runs', '1', '--dollars', '0.02'], env).finally(() => served.close())
    expect(status).toBe(0)
    const rows = rowsOf('memory-skills')
    expect(rows.length).toBeGreaterThan(2)
    expect(rows.length).toBeLessThan(40)
    expect(rows.every(({ model }) => model === 'some-model')).toBe(true)
    expect(rows.every(({ figures: { costMicros, promptTokens, completionTokens } }) => costMicros === promptTokens + completionTokens)).toBe(true)
    expect(output).toContain('the budget of $0.02 is used up')
    expect(output).not.toContain('These answers come from rules')
  })
})

describe('an evaluation of an endpoint that is not there', { timeout: 180_000 }, () => {
  test('says why every answer failed, and is no success [eval:nested-kv]', async () => {
    // A port that Node refuses by itself, so that nothing is tried again.
    const { status, output, errors } = await runEval(['nested-kv', '--questions', '1', '--runs', '1'], { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', PERDURE_MODEL: 'some-model' })
    expect(output).toMatch(/Failed: 10 of 10 answers\.\n\n- 10 of them: no connection to the model's endpoint/)
    expect(errors).toContain('nested-kv: every answer failed; the tables say why')
    expect(status).toBe(1)
  })
})

describe('an evaluation refuses', { timeout: 180_000 }, () => {
  test('a budget for a model whose price is not known [cost]', async () => {
    const { status, errors } = await runEval(['memory-skills', '--dollars', '1'], { OPENAI_API_KEY: 'none', PERDURE_MODEL: 'some-model' })
    expect(errors).toContain('--dollars needs the price of some-model: set PERDURE_PRICES')
    expect(status).toBe(2)
  })

  const short = join(folder, 'short.json')
  writeFileSync(short, JSON.stringify(locomo))
  const broken = join(folder, 'broken.json')
  writeFileSync(broken, '{"sample_id": 1}')
  /** What its process reads before it begins anything; to start one for each of these would take far longer. */
  const read = async (args: readonly string[]): Promise<unknown> => {
    const { retrieval } = evalOptions(readOptions(args, taken, takenNames))
    return retrieval && conversationsOf(retrieval)
  }
  test.each([
    ['a kind that there is not', ['nested'], 'there is no "nested"; there are nested-kv, doc-qa'],
    ['LoCoMo without its file', ['locomo'], 'locomo needs --data FILE'],
    ['a memory that there is not', ['locomo', '--memory', 'paper'], '--memory takes embedded or servers, not "paper"'],
    ['a ranking that there is not', ['locomo', '--ranking', 'words,sense'], '--ranking takes words or meaning or both, or several with commas between, not "words,sense"'],
    ['more conversations than there are', ['locomo', '--data', short, '--conversations', '2'], '--conversations is at most 1, as many as'],
    ['a file that is not there', ['locomo', '--data', join(folder, 'nowhere.json')], "can't be read"],
    ['a file of another shape', ['locomo', '--data', broken], 'has another shape'],
    ['no number of runs', ['--runs', 'many'], '--runs takes a whole number of at least 1, not "many"'],
    ['a number that is none', ['--dollars', 'two'], '--dollars takes a number of at least 0, not "two"'],
    ['a number that is too small', ['--dollars', '-1'], '--dollars takes a number of at least 0, not "-1"'],
    ['an option that there is not', ['--nonsense'], 'there is no option --nonsense; there are --help, --runs'],
  ])('%s, by name [eval:locomo eval:nested-kv]', async (_, args, message) => {
    await expect(read(args)).rejects.toMatchObject({ message: expect.stringContaining(message) as string })
  })

  test.each([
    ['an option', ['--nonsense'], 'there is no option --nonsense; there are --help, --runs'],
    ['a file', ['locomo', '--data', broken], 'has another shape'],
  ])('%s with exit status 2, and says why [eval:locomo eval:nested-kv]', async (_, args, message) => {
    const { status, errors } = await runEval(args)
    expect(errors).toContain(message)
    expect(errors).not.toMatch(/^\s+at /m)
    expect(status).toBe(2)
  })
})
