import { Hono } from 'hono'
import type { PerdureClient } from '../../client/client.ts'
import { limits } from '../../protocol/limits.ts'
import type { Admitted } from '../admission.ts'
import type { AppOptions } from '../app-options.ts'
import { readJson } from '../request/read-json.ts'
import { parsed } from '../request/read-request.ts'
import { Refusal } from '../refusal.ts'
import { agentOf, answer, type ServedAgent } from './answer.ts'
import { broughtTools } from './brought-tools.ts'
import { chatBody, newsOf } from './chat-request.ts'
import { chatForm } from './chat-wire.ts'
import { messagesOf, responsesBody } from './responses-request.ts'
import { responsesForm } from './responses-wire.ts'

/** A history that its client sends along each time. */
const bodyBytes = 16 * 1024 * 1024

/** OpenAI's protocol, in which each agent is a model. */
export function createOpenAiApp(options: AppOptions): Hono<Admitted> {
  const app = new Hono<Admitted>()
  app.get('/models', async ({ json, get }) => json({ object: 'list', data: (await livingAgents(get('client'))).map(modelOf) }))
  app.get('/models/:model', async ({ req, json, get }) => json({ ...modelOf(await agentOf(get('client'), req.param('model'))), id: req.param('model') }))
  app.post('/chat/completions', async (context) => {
    const { model, messages, tools, tool_choice: choice, stream, stream_options: wanted, user, safety_identifier: person, max_completion_tokens: most, max_tokens: formerMost } = parsed(chatBody, await readJson(context.req.raw, bodyBytes), 'the body')
    const brought = broughtTools((tools ?? []).map((tool) => tool.function), choice)
    const question = { agent: model, news: newsOf(messages), ...brought, stream: stream === true, messages, chat: messages, maxOutputTokens: most ?? formerMost, asked: { key: context.get('accessKey')?.id, user, person } }
    return answer(context, options, question, chatForm({ model, created: epochSeconds(), withUsage: wanted?.include_usage === true }))
  })
  app.post('/responses', async (context) => {
    const body = parsed(responsesBody, await readJson(context.req.raw, bodyBytes), 'the body')
    const { model, input, tools, tool_choice: choice, stream, previous_response_id: previous, user, safety_identifier: person, max_output_tokens: maxOutputTokens } = body
    const said = messagesOf(body)
    const news = newsOf(said)
    // Not a part of what names the event: programs write the time into it.
    const chat = typeof body.instructions === 'string' ? [{ role: 'system', content: body.instructions }, ...said] : said
    const asked = { key: context.get('accessKey')?.id, user, person, previous }
    const question = { agent: model, news, ...broughtTools(tools ?? [], choice), stream: stream === true, chat, maxOutputTokens, messages: typeof input === 'string' ? [input] : input, asked }
    const head = { model, created: epochSeconds(), tools: tools ?? [], choice: choice ?? 'auto', previous: previous ?? null, results: news.results.length }
    return answer(context, options, question, responsesForm(head))
  })
  // Not as `notFound`, which only the outermost of nested servers has.
  app.all('*', () => {
    throw new Refusal('not-found', 'of OpenAI\'s protocol there are GET /models, GET /models/{model}, POST /chat/completions and POST /responses')
  })
  return app
}

/** The protocol has no pages: as many as one page may have, by their ids. Archived agents, however many, take no place from those that live. */
async function livingAgents(client: Pick<PerdureClient, 'list'>): Promise<readonly ServedAgent[]> {
  const found: ServedAgent[] = []
  for (let after: string | undefined; ; ) {
    const { agents, next } = await client.list({ limit: limits.pageSize, ...(after !== undefined && { after }) })
    found.push(...agents.filter(({ archivedAt }) => archivedAt === undefined))
    if (next === undefined || found.length >= limits.pageSize) return found.slice(0, limits.pageSize)
    after = next
  }
}

const epochSeconds = (): number => Math.floor(Date.now() / 1_000)

const modelOf = ({ definition: { id }, createdAt }: ServedAgent) => ({ id, object: 'model', created: Math.floor(Date.parse(createdAt) / 1_000), owned_by: 'perdure' })
