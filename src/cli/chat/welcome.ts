import type { Config } from '../../config/config.ts'
import { workflowAddress } from '../../client/agent-workflow.ts'
import { describeConfig } from '../../config/describe.ts'
import type { StoredAgent } from '../../index.ts'
import type { HttpServer } from '../../stack/stack.ts'
import type { Palette } from '../output/palette.ts'
import { replyText } from '../output/reply-lines.ts'
import { replyLine } from '../output/turn-message.ts'
import { counted, indented, oneLine, shortTime } from '../output/text.ts'
import { hung } from '../terminal/wrap.ts'
import type { Chat } from './chat.ts'

/** The address of an agent's workflow in the Web UI; undefined if no Web UI is known. */
export function uiAddress(stack: { readonly uiUrl?: string; readonly namespace: string } | undefined, agentId: string): string | undefined {
  return stack?.uiUrl && workflowAddress({ ui: stack.uiUrl, namespace: stack.namespace }, agentId)
}

export interface WelcomeOptions {
  readonly config: Config
  readonly agent: StoredAgent
  readonly created: boolean
  readonly uiAddress: string | undefined
  /** Of the stack that runs here. */
  readonly http: HttpServer | undefined
  readonly palette: Palette
}

/** The first lines: who is there, what answers, where to look. */
export function welcomeLines({ config, agent, created, uiAddress, http, palette }: WelcomeOptions): string[] {
  const { id, model, contextWindow } = agent.definition
  return [
    `${palette.bold(id)} ${created ? 'is new' : `lives since ${shortTime(agent.createdAt)}`}: model ${model}, window of ${contextWindow.toLocaleString('en-US')} tokens`,
    ...modelLines(config, model, palette),
    ...describeConfig(config).filter((line) => line.startsWith('memory')).map((line) => palette.dim(line)),
    ...(uiAddress === undefined ? [] : [palette.dim(`Temporal UI   ${uiAddress}`)]),
    ...(http === undefined ? [] : [http.problem === undefined ? palette.dim(`page          ${http.url}/agents/${encodeURIComponent(id)}/chat`) : palette.yellow(`Not over HTTP: ${http.problem}`)]),
  ]
}

/** An agent has a model of its own; what answers may be another matter. */
function modelLines(config: Config, model: string, palette: Palette): string[] {
  if (config.model.kind === 'simulated' && config.temporal.address !== undefined) return [palette.dim('What answers is what the workers are set up with.')]
  if (config.model.kind === 'simulated') {
    return [palette.yellow('A simulated model answers: rules, no language model. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real one.')]
  }
  if (model === config.model.name) return []
  return [palette.yellow(`Its model is ${model}; ${config.model.name}, which is configured now, is for new agents (--agent NAME). /model ${config.model.name} gives it that one.`)]
}

/** More of a long reply is in /dump. */
const replyRows = 8

/**
 * For somebody who comes back: how much there is, and where the conversation was; where answers were missed, they follow.
 * @param following.open events that are named next, as they are still to be answered: they are no exchange yet
 */
export async function welcomeBackLines({ agentId, connection, console }: Pick<Chat, 'agentId' | 'connection' | 'console'>, following: { readonly missed: number; readonly open: readonly string[] }): Promise<string[]> {
  const { missed, open } = following
  const { client } = connection
  const [counts, recent] = await Promise.all([client.counts(agentId), client.searchRecall(agentId, { conversation: true, order: 'newest', limit: 12 })])
  const summary = `Welcome back: recall memory holds ${counted(counts.recall, 'message')}, archival memory ${counted(counts.archival, 'passage')}.`
  const { palette, wraps } = console
  if (missed > 0) return [summary, palette.dim(`What came of ${counted(missed, 'message')} of yours meanwhile:`)]
  const begun = recent.messages.find(({ eventId }) => eventId !== undefined && open.includes(eventId))
  const messages = recent.messages.filter(({ turn }) => turn !== begun?.turn)
  const asked = messages.findIndex(({ kind }) => kind === 'user-message')
  if (asked < 0) return [summary]
  const exchange = messages.slice(0, asked + 1).toReversed()
  const columns = console.columns - 2
  const lines = exchange.flatMap((message) => {
    if (message.kind === 'user-message') {
      const question = oneLine(message.text, 300)
      return wraps ? hung(`${palette.bold('you>')} `, question, columns - 1) : [`${palette.bold('you>')} ${question}`]
    }
    if (message.reply === undefined) return []
    if (!wraps) return [replyLine(oneLine(message.reply, 600), { palette, agentId })]
    const rows = replyText(message.reply, { agentId, palette, columns, wraps }).split('\n')
    return rows.length <= replyRows ? rows : [...rows.slice(0, replyRows - 1), palette.dim(`  … ${counted(rows.length - replyRows + 1, 'more line')}: /dump 3 shows all`)]
  })
  return [summary, palette.dim(`The last exchange, of ${shortTime(exchange[0]?.at ?? '')}:`), ...lines.map((line) => indented(line, 2))]
}
