import { randomUUID } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { takeTurn } from '../chat/take-turn.ts'
import { blockText, windowLines } from '../slash/memory.ts'
import { counted } from '../output/text.ts'
import { killWorker } from './kill-worker.ts'
import { diaryEntry, script } from './script.ts'
import { userLine, type Stage } from './stage.ts'

/** More than the window can hold, whatever the instructions take of it. */
const mostEntries = 24
const mostKills = 3

export async function coreMemory(stage: Stage): Promise<void> {
  stage.heading('Core memory: what matters always stands in the context, and the agent edits it itself')
  await showHumanBlock(stage)
  await stage.user(script.introduction)
  await showHumanBlock(stage)
  await stage.user(script.correction)
  await showHumanBlock(stage)
}

export async function archivalMemory(stage: Stage): Promise<void> {
  stage.heading('Archival memory: details are filed outside the context')
  await stage.user(script.note)
}

/** Talks until the queue was flushed once. */
export async function memoryPressure(stage: Stage): Promise<void> {
  const { chat } = stage
  const { client } = chat.connection
  stage.heading('Memory pressure: the window fills, the agent is warned and saves, old messages give way to a summary')
  for (let day = 0; day < mostEntries; day += 1) {
    await stage.user(diaryEntry(day))
    const { counters } = await client.state(chat.agentId)
    if (counters.compactions > 0) break
  }
  const view = await client.state(chat.agentId)
  for (const line of windowLines(view)) stage.remark(line)
  stage.remark(`${counted(view.counters.compactions, 'compaction')}: ${counted(view.evicted, 'message')} left the context and are still in recall memory`)
}

export async function lookingThingsUp(stage: Stage): Promise<void> {
  stage.heading('What has left the context is found again: archival memory by meaning, recall memory by words')
  await stage.user(script.archivalQuestion)
  await stage.user(script.recallQuestion)
}

/** Kills the worker as soon as a message is accepted, which is milliseconds after its inference began. */
export async function killedWorker(stage: Stage, config: Config): Promise<void> {
  const { chat, sent } = stage
  const { client } = chat.connection
  stage.heading('kill -9 of the worker in the middle of a turn: the answer comes all the same')
  for (let attempt = 1; attempt <= mostKills; attempt += 1) {
    const eventId = randomUUID()
    sent.push(eventId)
    stage.say(userLine(script.beforeKill, chat.console))
    await client.post(chat.agentId, script.beforeKill, { eventId })
    const pid = killWorker(config)
    const inTheMiddle = (await chat.connection.stores.memory.turns.byEvent(chat.key, eventId)) === undefined
    stage.remark(`accepted, then kill -9 ${pid}${inTheMiddle ? ': the turn has no end yet, and nobody works on it' : ': the turn was quicker; once more'}`)
    const begin = performance.now()
    await takeTurn(chat, { text: script.beforeKill, eventId })
    if (!inTheMiddle) continue
    stage.remark(`answered ${((performance.now() - begin) / 1_000).toFixed(1)} s later by a new worker, from where the old one was`)
    return
  }
}

async function showHumanBlock(stage: Stage): Promise<void> {
  const { client } = stage.chat.connection
  const human = (await client.blocks(stage.chat.agentId)).find(({ label }) => label === 'human')
  if (human) stage.say(blockText({ ...human, description: '' }, stage.chat.console.palette))
}
