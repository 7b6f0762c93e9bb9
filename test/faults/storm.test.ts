import { describe, expect, inject, test } from 'vitest'
import { say, type ScriptedStep } from '../../src/testing.ts'
import { runStorm } from './storm/run-storm.ts'
import { scheduleOf } from './storm/schedule.ts'
import { inWorld } from './support/world.ts'

/** The schedule is the same each time; what it meets is not. `npm run storm` raises others. */
const seed = 11

const size = { minutes: 0.4, agents: 4, workers: 2, stores: 'embedded', pauseMs: 3_000 } as const

describe('a storm', { timeout: 900_000 }, () => {
  test('of faults at once loses and doubles nothing, and leaves every agent usable [mailbox:durable mailbox:fifo step:pairing step:at-most-once recover:from-stores turn:approval]', async () => {
    const lines: string[] = [`seed ${seed}`]
    const { counts, findings } = await runStorm({ ...size, seed, workflowCode: inject('workflowCode'), say: (line) => lines.push(line) })
    console.log(`storm of seed ${seed}: ${JSON.stringify(counts)}`)
    expect({ findings, lines: findings.length === 0 ? [] : lines }).toEqual({ findings: [], lines: [] })
    expect(counts.messages).toBeGreaterThan(size.agents)
  })

  test('has workers that give a request up after the time that it may take, as those of users do [model:retry]', async () => {
    let asked = 0
    const neverThenHello: ScriptedStep = async () => {
      asked += 1
      if (asked === 1) await new Promise(() => undefined)
      return say('Hello.')
    }
    await inWorld({ moves: () => [neverThenHello], ofWorkers: () => Promise.resolve({ PERDURE_REQUEST_SECONDS: '1' }) }, async (world) => {
      await world.startWorker()
      expect(await world.client.send(world.agentId, 'Hi', { signal: AbortSignal.timeout(60_000) })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    })
  })

  test('of a seed has the same schedule each time, and none of another seed [faults:table]', () => {
    expect(scheduleOf({ ...size, seed: 11 })).toEqual(scheduleOf({ ...size, seed: 11 }))
    expect(scheduleOf({ ...size, seed: 12 })).not.toEqual(scheduleOf({ ...size, seed: 11 }))
  })
})
