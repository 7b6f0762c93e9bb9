import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { describe, expect, inject, test } from 'vitest'
import { controlWords } from './kept/control-words.ts'
import { keptConversations } from './kept/conversations.ts'
import { historyFromJson, type RunHistory } from './kept/history-json.ts'
import { readKept, type KeptHistory } from './kept/kept-history.ts'
import { textsIn, wordsOf } from './kept/texts-in.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

const kept = readKept()

/** @throws DeterminismViolationError when the present code does not do what the history says */
async function replay(history: RunHistory, workflowId: string, code = inject('workflowCode')): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { code } }, history, workflowId)
}

function keptAs(name: string): KeptHistory {
  const found = kept.findLast((history) => history.name.endsWith(`/${name}`))
  if (found === undefined) throw new Error(`no history of ${name} is kept; run npm run histories:keep`)
  return found
}

describe('kept histories', () => {
  test('are there for every conversation that is to be kept', () => {
    for (const { name } of keptConversations) expect(keptAs(name).runs.length).toBeGreaterThan(0)
  })

  test('have a long conversation with many runs among them', () => {
    expect(keptAs('long-conversation').runs.length).toBeGreaterThanOrEqual(6)
  })

  test.each(kept.map((history) => [history.name, history] as const))('%s replays with the present code, run by run [history:replay]', async (_, { workflowId, runs }) => {
    for (const run of runs) await replay(historyFromJson(run), workflowId)
  })

  test('do not replay if the code would have scheduled something else', async () => {
    const { workflowId, runs } = keptAs('parallel-calls')
    const history = historyFromJson(structuredClone(runs[0] ?? {}))
    const scheduled = history.events?.find(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes?.activityType?.name === 'callTool')
    if (!scheduled?.activityTaskScheduledEventAttributes) throw new Error('the history has no call of a tool')
    scheduled.activityTaskScheduledEventAttributes.activityType = { name: 'compact' }
    await expect(replay(history, workflowId)).rejects.toThrow(/[Nn]ondeterminism/)
  })

  test('do not replay with code that continues as new at another moment', async () => {
    const code = inject('workflowCode')
    const changed = code.replaceAll('eventsPerEarlierRun = 300', 'eventsPerEarlierRun = 20')
    expect(changed).not.toBe(code)
    const { workflowId, runs } = keptAs('save-pop-load')
    await expect(replay(historyFromJson(runs[0] ?? {}), workflowId, changed)).rejects.toThrow(/[Nn]ondeterminism/)
  })
})

describe('what a history tells of a conversation', () => {
  const known = controlWords()

  test.each(kept.map((history) => [history.name, history] as const))('%s: none of its words, only ids, counts and names [history:references ui:legible]', (_, { runs, said, workflowId }) => {
    const spoken = new Set(said.flatMap(wordsOf).filter((word) => !known.has(word)))
    expect(spoken.size).toBeGreaterThan(0)
    const found = textsIn(runs).flatMap(wordsOf).filter((word) => spoken.has(word) && !workflowId.includes(word))
    expect([...new Set(found)]).toEqual([])
  })

  test.each(kept.map((history) => [history.name, history] as const))('%s: nothing of the machine on which it was played', (_, { runs }) => {
    expect(textsIn(runs).filter((text) => /^\d+@|node_modules|file:/.test(text))).toEqual([])
  })

  test('would be found if it were there', () => {
    const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: Buffer.from('{"text":"The code word is heron-42."}').toString('base64') }
    expect(textsIn({ events: [{ input: { payloads: [payload] } }] }).flatMap(wordsOf)).toContain('heron')
  })
})
