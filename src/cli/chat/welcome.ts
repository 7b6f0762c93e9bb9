import type { Config } from '../../config/config.ts'
import { describeConfig } from '../../config/describe.ts'
import type { StoredAgent } from '../../index.ts'
import { workflowIdOf } from '../../protocol/ids.ts'
import type { Palette } from '../output/palette.ts'
import { replyLine } from '../output/turn-message.ts'
import { counted, indented, oneLine, shortTime } from '../output/text.ts'
import type { Chat } from './chat.ts'

/** The address of an agent's workflow in the Web UI; undefined if no Web UI is known. */
export function uiAddress(stack: { readonly uiUrl?: string; readonly namespace: string } | undefined, agentId: string): string | undefined {
  return stack?.uiUrl && `${stack.uiUrl}/namespaces/${encodeURIComponent(stack.namespace)}/workflows/${encodeURIComponent(workflowIdOf(agentId))}`
}

export interface WelcomeOptions {
  readonly config: Config
  readonly agent: StoredAgent
  readonly created: boolean
  readonly uiAddress: string | undefined
  readonly palette: Palette
}

/** The first lines: who is there, what answers, where to look. */
export function welcomeLines({ config, agent, created, uiAddress, palette }: WelcomeOptions): string[] {
  const { id, model, contextWindow } = agent.definition
  return [
    `${palette.bold(id)} ${created ? 'is new' : `lives since ${shortTime(agent.createdAt)}`}: model ${model}, window of ${contextWindow.toLocaleString('en-US')} tokens`,
    ...modelLines(config, model, palette),
    ...describeConfig(config).filter((line) => line.startsWith('memory')).map((line) => palette.dim(line)),
    ...(uiAddress === undefined ? [] : [palette.dim(`Temporal UI   ${uiAddress}`)]),
  ]
}

/** An agent keeps the model that it was created with; what answers may be another matter. */
function modelLines(config: Config, model: string, palette: Palette): string[] {
  if (config.model.kind === 'simulated' && config.temporal.address !== undefined) return [palette.dim('What answers is what the workers are set up with.')]
  if (config.model.kind === 'simulated') {
    return [palette.yellow('A simulated model answers: rules, no language model. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real one.')]
  }
  if (model === config.model.name) return []
  return [palette.yellow(`It was created for model ${model}, and keeps it; ${config.model.name}, which is configured now, is for new agents (--agent NAME).`)]
}

/** For somebody who comes back: how much there is, and where the conversation was. */
export async function welcomeBackLines({ agentId, connection, console }: Pick<Chat, 'agentId' | 'connection' | 'console'>): Promise<string[]> {
  const { client } = connection
  const [counts, recent] = await Promise.all([client.counts(agentId), client.searchRecall(agentId, { conversation: true, order: 'newest', limit: 12 })])
  const summary = `Welcome back: recall memory holds ${counted(counts.recall, 'message')}, archival memory ${counted(counts.archival, 'passage')}.`
  const asked = recent.messages.findIndex(({ kind }) => kind === 'user-message')
  if (asked < 0) return [summary]
  const exchange = recent.messages.slice(0, asked + 1).toReversed()
  const { palette } = console
  const lines = exchange.flatMap((message) => {
    if (message.kind === 'user-message') return [`${palette.bold('you>')} ${oneLine(message.text, 300)}`]
    return message.reply === undefined ? [] : [replyLine(oneLine(message.reply, 600), { palette, agentId })]
  })
  return [summary, palette.dim(`The last exchange, of ${shortTime(exchange[0]?.at ?? '')}:`), ...lines.map((line) => indented(line, 2))]
}
