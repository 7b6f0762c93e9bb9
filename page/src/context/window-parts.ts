import type { AgentView, StepPrompt } from '../../../clients/typescript/src/index.ts'
import type { Part } from '../parts/bar.tsx'

/** What fills a context window, section by section, in the provider's tokens so far as it has reported them. */
export interface WindowFill {
  readonly parts: readonly Part[]
  readonly contextWindow: number
  readonly warning: number
  readonly flush: number
  readonly used: number
}

const blockColours = [3, 8, 4]

export function fillOfStep({ tokens, usage, contextWindow, warning, flush }: StepPrompt): WindowFill {
  const { blocks, coreMemory, instructions, tools, statistics, summary, queue } = tokens
  const factor = usage === undefined || tokens.total === 0 ? 1 : usage.promptTokens / tokens.total
  return filled({ instructions, tools, coreMemory, blocks, statistics, summary, queue }, { factor, contextWindow, warning, flush })
}

/** @param blocks tokens of each, as the last step counted them; its label with each */
export function fillNow({ sections, summaryTokens, queueTokens, calibration, contextWindow, pressure }: AgentView, blocks: Readonly<Record<string, number>>): WindowFill | undefined {
  if (sections === undefined) return undefined
  return filled({ ...sections, blocks, summary: summaryTokens, queue: queueTokens }, { factor: calibration, contextWindow, warning: pressure.warning, flush: pressure.flush })
}

interface Sections {
  readonly instructions: number
  readonly tools: number
  readonly coreMemory: number
  readonly blocks: Readonly<Record<string, number>>
  readonly statistics: number
  readonly summary: number
  readonly queue: number
}

function filled(sections: Sections, { factor, ...window }: { readonly factor: number; readonly contextWindow: number; readonly warning: number; readonly flush: number }): WindowFill {
  const { instructions, tools, coreMemory, blocks, statistics, summary, queue } = sections
  const ofBlocks = Object.values(blocks).reduce((sum, tokens) => sum + tokens, 0)
  const named = [
    { name: 'Instructions', tokens: instructions, colour: 1 },
    { name: 'Tools', tokens: tools, colour: 2 },
    ...Object.entries(blocks).map(([label, tokens], index) => ({ name: `Block ${label}`, tokens, colour: blockColours[index % blockColours.length] ?? 3 })),
    { name: 'Around the blocks', tokens: Math.max(0, coreMemory - ofBlocks), colour: 9 },
    { name: 'Statistics', tokens: statistics, colour: 7 },
    { name: 'Summary', tokens: summary, colour: 5 },
    { name: 'Messages', tokens: queue, colour: 6 },
  ]
  const parts = named.filter(({ tokens }) => tokens > 0).map(({ name, tokens, colour }) => ({ name, size: Math.round(tokens * factor), colour }))
  const used = Math.round((instructions + tools + coreMemory + statistics + summary + queue) * factor)
  return { parts: [...parts, { name: 'Room left', size: Math.max(0, window.contextWindow - used), colour: 0 }], used, ...window }
}
