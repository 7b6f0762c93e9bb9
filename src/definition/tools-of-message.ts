import { z } from 'zod'
import type { AgentDefinition, ClientToolDefinition } from '../protocol/definition.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import { toolNamesOf, withDocumentTools } from '../protocol/tool-names.ts'
import { wellFormedJson } from '../protocol/well-formed.ts'
import { assertToolsFit } from './assert-fits.ts'
import { assertParameters, clientToolInput } from './define-waiting.ts'

const given = z.array(clientToolInput).max(limits.clientTools)

/**
 * The tools that a message brings for its own turn, as stores keep them; undefined where it brings none.
 * @throws PerdureError `invalid-argument` naming the tool
 */
export function toolsOfMessage(tools: unknown): readonly ClientToolDefinition[] | undefined {
  if (tools === undefined) return undefined
  const parsed = given.safeParse(tools)
  if (!parsed.success) throw invalidArgument(`the client tools of the message are not usable: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
  const brought = parsed.data.map(({ answerWithinMs, ...tool }): ClientToolDefinition => ({ ...tool, ...(answerWithinMs !== undefined && { answerWithinMs }) }))
  const bytes = Buffer.byteLength(JSON.stringify(brought))
  if (bytes > limits.messageToolsBytes) throw invalidArgument(`the client tools of the message have ${bytes} bytes, the limit is ${limits.messageToolsBytes}; describe them in fewer words, or give them to the agent's definition`)
  const names = brought.map(({ name }) => name)
  for (const [index, tool] of brought.entries()) {
    if (names.indexOf(tool.name) < index) throw invalidArgument(`two client tools of the message are named ${tool.name}: names must differ`)
    assertParameters(tool)
  }
  return brought.length === 0 ? undefined : (wellFormedJson(brought) as readonly ClientToolDefinition[])
}

/**
 * Whether they can be offered beside what the agent has now.
 * @param agent.documents how many it has, as it has tools to read them
 * @param agent.values of its blocks, in their order
 * @throws PerdureError `tool-conflict` where the agent has a tool of that name, `message-too-large` where its window has no room for them
 */
export function assertOffered(tools: readonly ClientToolDefinition[], { definition, documents, values }: { readonly definition: AgentDefinition; readonly documents: number | undefined; readonly values: readonly string[] }): void {
  const own = toolNamesOf(withDocumentTools(definition, documents))
  const taken = tools.find(({ name }) => own.includes(name))
  if (taken !== undefined) throw new PerdureError('tool-conflict', `the agent has a tool ${taken.name} of its own: give the message's tool another name`)
  assertToolsFit(tools, definition, values)
}
