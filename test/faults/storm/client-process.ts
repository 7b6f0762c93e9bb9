/**
 * Everybody who talks to the storm's agents, and approves what they ask for, in one process that may be killed. What it is about to do
 * stands in its log first, so that its successor sends again what has no answer yet. `finish` on its stdin: say nothing new, end when all
 * is answered.
 */
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { readConfig } from '../../../src/config/config.ts'
import { messageOf, PerdureError, type ErrorCode } from '../../../src/protocol/errors.ts'
import { openStores } from '../../../src/stores/open.ts'
import { answerCalls } from './answer-calls.ts'
import { readLog, unanswered, type LogEntry } from './client-log.ts'
import { stormText } from './messages.ts'
import { randomOf, type Random } from './random.ts'

const { log, seed, agents } = JSON.parse(process.argv[2] ?? '') as { readonly log: string; readonly seed: number; readonly agents: readonly string[] }

let finishing = false
const input = createInterface({ input: process.stdin })
input.on('line', () => (finishing = true))
input.on('close', () => process.exit(finishing ? 0 : 1))

const note = (entry: LogEntry): void => appendFileSync(log, `${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`)

const { temporal: target, taskQueue, stores: storesConfig } = readConfig(process.env)
const stores = await patiently(() => openStores(storesConfig))
const connection = await patiently(() => connectTemporal({ address: target.address ?? '' }))
const client = createClient({ temporal: new Client({ connection, namespace: target.namespace }), taskQueue, stores })
console.log('ready')

const past = readLog(log)
for (const agentId of agents) void answerCalls(agentId, { client, seed, note, failed })
await Promise.all(agents.map((agentId) => talk(agentId)))
process.exit(0)

async function talk(agentId: string): Promise<void> {
  const own = past.filter((entry) => entry.agentId === agentId)
  let number = own.filter(({ what }) => what === 'sending').length
  // Its own dice each time: what is said is the seed's, when it is said is not.
  const random = randomOf(`${seed} ${agentId} ${number}`)
  const open = new Set(unanswered(own).map(({ eventId, text }) => deliver({ agentId, eventId, text, random })))
  const settle = async (delivery: Promise<void>): Promise<void> => {
    await delivery
    open.delete(delivery)
  }
  let settling = [...open].map(settle)
  while (!finishing) {
    if (open.size >= 4) await Promise.race(open)
    else {
      number += 1
      const text = stormText({ seed, agentId, number })
      const eventId = `event-${number}`
      note({ what: 'sending', agentId, eventId, text })
      const delivery = deliver({ agentId, eventId, text, random })
      open.add(delivery)
      settling = [...settling, settle(delivery)]
      await sleep(random.between(0, 3_000))
    }
  }
  await Promise.all(settling)
}

/** Sends one message until its turn has ended, by any of the ways, sometimes twice, and sometimes cancels what runs. */
async function deliver(message: { readonly agentId: string; readonly eventId: string; readonly text: string; readonly random: Random }): Promise<void> {
  const { agentId, eventId, random } = message
  for (;;) {
    try {
      if (random.chance(0.15)) void send(client, message, random).catch(() => undefined)
      if (random.chance(0.04)) {
        await sleep(random.between(0, 1_500))
        await cancel(agentId, eventId)
      }
      const forgets = random.chance(0.3)
      if (forgets) await client.post(agentId, message.text, { eventId })
      else await send(client, message, random)
      note({ what: 'accepted', agentId, eventId, text: '' })
      note({ what: 'ended', agentId, eventId, text: await (forgets ? storedEnd(agentId, eventId) : ended(agentId, eventId)) })
      return
    } catch (error) {
      failed(error, { agentId, eventId })
      await sleep(random.between(100, 1_000))
    }
  }
}

async function send(sender: PerdureClient, { agentId, eventId, text }: { readonly agentId: string; readonly eventId: string; readonly text: string }, random: Random) {
  const way = random.next()
  if (way < 0.5) await sender.send(agentId, text, { eventId })
  else if (way < 0.8) await sender.post(agentId, text, { eventId })
  else await sender.signal(agentId, text, { eventId })
}

/** Where no workflow runs, there is nothing to cancel. */
async function cancel(agentId: string, eventId: string): Promise<void> {
  try {
    note({ what: 'cancel', agentId, eventId, text: String(await client.cancel(agentId)) })
  } catch (error) {
    failed(error, { agentId, eventId }, ['agent-unknown'])
  }
}

/** @param expected codes that are no finding, beside those of servers that are away */
function failed(error: unknown, { agentId, eventId }: Pick<LogEntry, 'agentId' | 'eventId'>, expected: readonly ErrorCode[] = []): void {
  const isExpected = PerdureError.isInstance(error) && ['server-unavailable', 'no-worker', ...expected].includes(error.code)
  note({ what: isExpected ? 'away' : 'error', agentId, eventId, text: named(error).slice(0, isExpected ? 80 : 2_000) })
}

/** A parked turn goes on later. */
async function ended(agentId: string, eventId: string): Promise<string> {
  for (;;) {
    const { end } = await client.outcome(agentId, eventId)
    if (end !== 'parked') return end
    await sleep(500)
  }
}

/** Looks into the stores only, so nobody but the workers takes care that the turn comes. */
async function storedEnd(agentId: string, eventId: string): Promise<string> {
  for (;;) {
    const outcome = await patiently(() => stores.memory.turns.byEvent(agentId, eventId))
    if (outcome !== undefined && outcome.end !== 'parked') return outcome.end
    await sleep(1_000)
  }
}

function named(error: unknown): string {
  if (PerdureError.isInstance(error)) return `${error.code}: ${error.message}`
  const causes: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(`${cause.name}: ${messageOf(cause)}`)
  return causes.join(' < ')
}

async function patiently<Result>(action: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await action()
    } catch (error) {
      note({ what: 'away', agentId: '', eventId: '', text: named(error).slice(0, 120) })
      await sleep(300)
    }
  }
}
