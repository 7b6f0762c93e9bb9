import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { defineTool, type Tool } from '../../../src/tools/tool.ts'

/** Tools with an effect outside, which a test can count: each run appends the call's operation id to a file. */
export function effectTools(file: string): readonly Tool[] {
  return [
    defineTool({
      name: 'ring_bell',
      description: 'Rings a bell. Every ring is heard.',
      schema: z.object({
        hold: z.boolean().default(false).describe('stay in the call after the first ring, until it is aborted'),
        until: z.string().optional().describe('stay in the call after the ring, until there is a file of this name'),
      }),
      policy: { placement: 'activity', idempotent: false },
      run: async ({ hold, until }, { op, signal }) => {
        const first = !readEffects(file).includes(op)
        appendFileSync(file, `${op}\n`)
        if (hold && first) await once(signal, 'abort')
        while (until !== undefined && !existsSync(until)) await sleep(20, undefined, { signal })
        return 'It rang.'
      },
    }),
    defineTool({
      name: 'drop_coin',
      description: 'Drops a coin into a box that takes each key once.',
      schema: z.object({}),
      policy: { placement: 'activity', idempotent: true },
      run: async (_, { op }) => {
        appendFileSync(coinsFile(file), `${op}\n`)
        return 'It fell.'
      },
    }),
  ]
}

/** Operation ids of all coins so far, each once: the box knows its keys. */
export const readCoins = (file: string): readonly string[] => [...new Set(readEffects(coinsFile(file)))]

const coinsFile = (file: string): string => `${file}.coins`

/** Operation ids of all rings so far. */
export function readEffects(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : []
}
