import type { BlockView } from '../../client/types.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { bar } from '../output/bar.ts'
import type { Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { counted, indented } from '../output/text.ts'
import { marksText, windowTable } from '../output/window-table.ts'
import type { SlashCommand } from './command.ts'

export const memory: SlashCommand = {
  name: 'memory',
  summary: 'core memory, and what fills the context window',
  details: 'Also how much recall and archival memory hold.',
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
  const written = version === 0 ? (value === '' ? 'not written yet' : 'as it began') : `version ${version}`
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
  const whole = windowTable([...parts, ['prompt', pressure.tokens]], contextWindow)
  const adjusted = calibration === 1 ? undefined : `the prompt is calibrated ×${calibration.toFixed(2)} by what the provider counted`
  return [...whole, marksText(pressure, contextWindow), ...(adjusted === undefined ? [] : [adjusted]), ...(sections === undefined ? ['The sections are known after the first inference.'] : [])]
}
