import type { BlockView } from '../../client/types.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { bar, percent } from '../output/bar.ts'
import { columns } from '../output/columns.ts'
import type { Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { counted, indented } from '../output/text.ts'
import type { SlashCommand } from './command.ts'

export const memory: SlashCommand = {
  name: 'memory',
  summary: 'core memory, how much the stores hold, and what fills the context window',
  run: async ({ agentId, connection: { client }, console: { palette } }) => {
    const [blocks, counts, view] = await Promise.all([client.blocks(agentId), client.counts(agentId), client.state(agentId)])
    return [
      palette.bold('Core memory'),
      ...blocks.map((block) => blockText(block, palette)),
      palette.bold('Outside the context'),
      `  recall memory    ${counted(counts.recall, 'message')}, ${view.queueLength.toLocaleString('en-US')} of them in the context`,
      `  archival memory  ${counted(counts.archival, 'passage')}`,
      palette.bold('The context window'),
      ...windowLines(view).map((line) => `  ${line}`),
    ].join('\n')
  },
}

export function blockText({ label, description, value, limit, version, readOnly }: BlockView, palette: Palette): string {
  const use = `${bar(value.length, limit)} ${value.length.toLocaleString('en-US')} of ${limit.toLocaleString('en-US')} characters`
  const written = version === 0 ? 'not written yet' : `version ${version}`
  const head = `  ${palette.cyan(label)}  ${use}, ${written}${readOnly ? ', read-only' : ''}`
  return [head, ...(description === '' ? [] : [palette.dim(indented(printable(description), 4))]), indented(value === '' ? '(empty)' : printable(value), 4)].join('\n')
}

/** The tokens of each section as they were counted, and of the whole, which is calibrated by what the provider reports. */
export function windowLines({ sections, summaryTokens, queueTokens, pressure, contextWindow, calibration }: AgentView): string[] {
  const parts: (readonly [string, number])[] = [
    ['instructions', sections?.instructions ?? 0],
    ['tools', sections?.tools ?? 0],
    ['core memory', sections?.coreMemory ?? 0],
    ['statistics', sections?.statistics ?? 0],
    ['summary', summaryTokens],
    ['message queue', queueTokens],
  ]
  const row = (name: string, tokens: number): string[] => [name, bar(tokens, contextWindow), tokens.toLocaleString('en-US').padStart(9), percent(tokens, contextWindow)]
  const whole = columns([...parts.map(([name, tokens]) => row(name, tokens)), row('prompt', pressure.tokens)])
  const adjusted = calibration === 1 ? undefined : `the prompt is calibrated ×${calibration.toFixed(2)} by what the provider counted`
  const thresholds = `warned above ${pressure.warning.toLocaleString('en-US')}, flushed above ${pressure.flush.toLocaleString('en-US')} of ${contextWindow.toLocaleString('en-US')} tokens`
  return [...whole, thresholds, ...(adjusted === undefined ? [] : [adjusted]), ...(sections === undefined ? ['The sections are known after the first inference.'] : [])]
}
