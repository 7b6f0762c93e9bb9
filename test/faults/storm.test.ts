import { describe, expect, inject, test } from 'vitest'
import { runStorm } from './storm/run-storm.ts'
import { scheduleOf } from './storm/schedule.ts'

/** One that is the same each time, and one that is new: its number is printed, and `npm run storm` repeats its schedule. */
const seeds = [['a known seed', 11], ['a new seed', 1 + Math.floor(Math.random() * 1_000_000)]] as const

const size = { minutes: 0.4, agents: 4, workers: 2, stores: 'embedded', pauseMs: 3_000 } as const

describe('a storm', { timeout: 900_000 }, () => {
  test.for(seeds)('of faults at once loses and doubles nothing, and leaves every agent usable: %s [mailbox:durable mailbox:fifo step:pairing step:at-most-once]', async ([, seed]) => {
    const lines: string[] = [`seed ${seed}`]
    const { counts, findings } = await runStorm({ ...size, seed, workflowCode: inject('workflowCode'), say: (line) => lines.push(line) })
    console.log(`storm of seed ${seed}: ${JSON.stringify(counts)}`)
    expect({ findings, lines: findings.length === 0 ? [] : lines }).toEqual({ findings: [], lines: [] })
    expect(counts.messages).toBeGreaterThan(size.agents)
  })

  test('of a seed has the same schedule each time, and none of another seed [faults:table]', () => {
    expect(scheduleOf({ ...size, seed: 11 })).toEqual(scheduleOf({ ...size, seed: 11 }))
    expect(scheduleOf({ ...size, seed: 12 })).not.toEqual(scheduleOf({ ...size, seed: 11 }))
  })
})
