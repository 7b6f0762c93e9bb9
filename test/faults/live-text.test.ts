import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { say } from '../../src/testing.ts'
import { toItsEnd } from '../support/to-its-end.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { audit } from './support/audit.ts'
import { successors, type Successor } from './support/recovery.ts'
import { startScript } from './support/script-process.ts'
import { embedded, startServers, type StoreSet } from './support/store-sets.ts'
import { replace } from './support/successor.ts'
import { inWorld, type World } from './support/world.ts'

const servers = await startServers()
afterAll(async () => {
  if (!isUnavailable(servers)) await servers.stop()
})
const timeout = 600_000

const thoughts = 'She has come back. I will greet her by her name, and ask how the engine is.'
const reply = `Good morning, Ada! ${'How is the engine, and how are you today? '.repeat(12)}😀`

/** What somebody has seen of a turn whose one reply was begun twice. */
function expectOneReply(events: readonly TurnEvent[], stored: string): void {
  const reset = events.findIndex(({ type }) => type === 'reset')
  expect(events.filter(({ type }) => type === 'reset')).toMatchObject([{ turn: 1, step: 1 }])
  const written = (from: number, to: number, kind: string): string =>
    events.slice(from, to).map((event) => (event.type === 'delta' && event.kind === kind ? event.text : '')).join('')
  expect(reply.startsWith(written(0, reset, 'text'))).toBe(true)
  expect(written(0, reset, 'text')).not.toBe('')
  expect(written(reset, events.length, 'thoughts')).toBe(thoughts)
  expect(stored.startsWith(written(reset, events.length, 'text'))).toBe(true)
  expect(written(reset, events.length, 'text')).not.toBe('')
  expect(events.filter((event) => event.type === 'message' && event.message.reply === stored)).toHaveLength(1)
  for (const type of ['turn', 'step', 'end']) expect(events.filter((event) => event.type === type)).toHaveLength(1)
}

async function dieWhileWriting(stores: StoreSet, successor: Successor): Promise<void> {
  const moves = () => [say(reply, { thoughts })]
  // Long enough for another worker to start meanwhile.
  let pauseMs = 300
  await inWorld({ row: 'worker-writing', successor, stores, moves, writingPauseMs: () => pauseMs }, async (world: World) => {
    const { client, agentId, environment } = world
    const file = join(environment['PERDURE_HOME'] ?? '', 'watched.jsonl')
    const script = join(import.meta.dirname, 'support', 'watcher-process.ts')
    const elsewhere = await startScript({ script, arguments: [agentId, file], environment, ready: 'ready' })
    const worker = await world.startWorker()
    const here = client.watch(agentId, { after: 0 })
    const answer = client.send(agentId, 'Good morning!', { eventId: 'morning' })
    const seen: TurnEvent[] = []
    for (let written = 0; written < 3; ) {
      const next = await here.next()
      if (next.done === true) throw new Error('the watching ended')
      seen.push(next.value)
      if (next.value.type === 'delta') written += 1
    }
    pauseMs = 25
    await replace(world, worker, successor)
    seen.push(...(await toItsEnd(here)))
    expect(await answer).toMatchObject({ end: 'completed', replyTexts: [reply] })
    expectOneReply(seen, reply)
    expect((await elsewhere.ended).status, elsewhere.complaints()).toBe(0)
    const told = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as TurnEvent)
    expectOneReply(told, reply)
    const durable = (events: readonly TurnEvent[]): readonly TurnEvent[] => events.filter(({ type }) => type !== 'delta' && type !== 'reset')
    expect(durable(told)).toEqual(durable(seen))
    await audit(world, { morning: 'Good morning!' })
  })
}

describe.concurrent.each(successors)('a worker that is killed, another %s, memory embedded', { timeout }, (successor) => {
  test('while the model writes: two who watch, in two processes, see one reset, and the whole text once [live:text live:watch]', () => dieWhileWriting(embedded, successor))
})

describeWithServer('a worker that is killed, memory in servers', servers, (stores) => {
  test('while the model writes: two who watch, in two processes, see one reset, and the whole text once [live:text live:watch]', { timeout }, () => dieWhileWriting(stores, 'is started'))
})
