import { z } from 'zod'
import { defineTool, type Tool } from '../../../src/tools/tool.ts'

/** Tools that reach outside, as far as a history can tell. */
export const outsideTools: readonly Tool[] = [
  defineTool({
    name: 'read_gauge',
    description: 'Reads a gauge.',
    schema: z.object({ gauge: z.string() }),
    policy: { placement: 'activity', idempotent: true },
    run: async ({ gauge }) => `The ${gauge} stands at seventeen.`,
  }),
  defineTool({
    name: 'open_valve',
    description: 'Opens a valve.',
    schema: z.object({ valve: z.string() }),
    policy: { placement: 'activity', idempotent: true, attempts: 2 },
    run: async ({ valve }) => {
      throw new Error(`the valve ${valve} is rusted shut`)
    },
  }),
]
