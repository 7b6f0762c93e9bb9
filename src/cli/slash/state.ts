import { costText, dollarsText } from '../../protocol/cost.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { tookMs } from '../../protocol/turn.ts'
import { percent } from '../output/bar.ts'
import { pausedLines } from '../output/held-up.ts'
import { printable } from '../output/printable.ts'
import { counted } from '../output/text.ts'
import { parkedText } from '../output/turn-end.ts'
import type { SlashCommand } from './command.ts'

export const state: SlashCommand = {
  name: 'state',
  summary: 'what the agent is doing, its mailbox and its counters',
  run: async ({ agentId, connection: { client } }) => stateLines(await client.state(agentId)).join('\n'),
}

function costLine({ counters, agentBudget }: AgentView): string[] {
  const cost = costText(counters)
  if (cost === undefined || (cost === 'unknown' && agentBudget === undefined)) return []
  const limits = [
    ...(agentBudget?.costMicros === undefined ? [] : [dollarsText(agentBudget.costMicros)]),
    ...(agentBudget?.tokens === undefined ? [] : [`${agentBudget.tokens.toLocaleString('en-US')} tokens`]),
  ]
  return [`cost       ${cost}${limits.length === 0 ? '' : ` (budget of its life: ${limits.join(', ')})`}`]
}

export function stateLines(view: AgentView): string[] {
  const { counters, running, paused = [], parked, lastOutcome, mailbox, pressure, contextWindow } = view
  const tokens = counters.promptTokens.toLocaleString('en-US')
  return [
    `status     ${view.status}${running === undefined ? '' : `: turn ${running.turn}, step ${running.step} (${running.cause}), ${printable(running.doing)}`}`,
    ...(running?.retrying === undefined ? [] : [`           attempt ${running.retrying.attempt}: ${printable(running.retrying.detail)}`]),
    ...pausedLines(paused).map((line) => `           ${line}`),
    ...(parked === undefined ? [] : parkedText(parked.reason, parked.detail).split('\n').map((line) => `           ${line}`)),
    `mailbox    ${mailbox.length === 0 ? 'empty' : `${counted(mailbox.length, 'event')}: ${mailbox.slice(0, 5).map(({ kind, bytes }) => `${kind} (${bytes} bytes)`).join(', ')}${mailbox.length > 5 ? ', …' : ''}`}`,
    `model      ${printable(view.model)}`,
    `context    ${pressure.tokens.toLocaleString('en-US')} of ${contextWindow.toLocaleString('en-US')} tokens (${percent(pressure.tokens, contextWindow)}), ${counted(view.queueLength, 'message')} in the queue`,
    `so far     ${counted(counters.turns, 'turn')}, ${counted(counters.steps, 'step')}, ${counted(counters.compactions, 'compaction')}, continued as new ${counted(counters.continuedAsNew, 'time')}`,
    `tokens     ${tokens} of prompts (${counters.cachedTokens.toLocaleString('en-US')} from a cache), ${counters.completionTokens.toLocaleString('en-US')} written`,
    ...costLine(view),
    ...(lastOutcome === undefined
      ? []
      : [`last turn  ${lastOutcome.end}, ${counted(lastOutcome.figures.steps, 'step')}, ${(tookMs(lastOutcome.figures) / 1_000).toFixed(1)} s`]),
  ]
}
