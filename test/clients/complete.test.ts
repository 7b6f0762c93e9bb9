import { describe, expect, test } from 'vitest'
import { createClient, type HttpClient } from '../../clients/typescript/src/index.ts'
import { apiPath, routes } from '../../src/server/routes.ts'
import type { Route } from '../../src/server/route.ts'

/** What was asked, by the table of routes; its parameters and body were checked as the server checks them. */
function routeOf(url: string, { method, body }: RequestInit): Route {
  const { pathname, searchParams } = new URL(url)
  const found = routes.find((route) => route.method === method && new RegExp(`^${apiPath}${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
  if (found === undefined) throw new Error(`no route answers ${method ?? ''} ${pathname}`)
  const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name).length > 1 ? searchParams.getAll(name) : searchParams.get(name)]))
  if (found.query !== undefined) found.query.parse(query)
  else expect(query).toEqual({})
  if (found.body !== undefined) found.body.parse(typeof body === 'string' ? JSON.parse(body) : undefined)
  else expect(body instanceof FormData).toBe(found.files === true)
  return found
}

const end = { type: 'end', id: '6.end.1', turn: 1, eventId: 'e', end: 'completed', replies: [] }
const file = { name: 'notes.md', bytes: new TextEncoder().encode('# Boats') }
const tool = { definition: { name: 'weather', description: 'of today', parameters: {} }, run: () => Promise.resolve('sun') }
const by = { by: 'Ada', commandId: 'c' }

/** With everything that each takes. */
const calls: { readonly [Method in keyof HttpClient]: (client: HttpClient) => unknown } = {
  create: (client) => client.create({ id: 'ada', blocks: [{ label: 'human', limit: 10, value: 'x' }], budget: { dollars: 1 }, metadata: { a: [1] }, clientTools: [tool.definition] }),
  get: (client) => client.get('ada'),
  list: async (client) => [await client.list(), await client.list({ tag: 't', model: 'm', status: 'live', after: 'a', limit: 5, counts: true, statuses: true })],
  importConversation: (client) => client.importConversation({ id: 'ada' }, [{ role: 'user', text: 'Hi', at: '2026-01-01T00:00:00Z' }]),
  update: (client) => client.update('ada', { description: null, blocks: { human: null, boats: { limit: 5 } } }, { author: 'Ada', ifVersion: 3, commandId: 'c' }),
  undoDefinition: (client) => client.undoDefinition('ada', { author: 'Ada', to: 1, ifVersion: 2 }),
  definitions: (client) => client.definitions('ada', { limit: 5, before: 9 }),
  compareDefinitions: (client) => client.compareDefinitions('ada', { before: 1, after: 2 }),
  setBudget: (client) => client.setBudget('ada', { turn: { steps: 5, dollars: null }, agent: { tokens: null } }, { author: 'Ada', ifVersion: 3 }),
  cost: (client) => client.cost('ada', { turns: 5 }),
  delete: (client) => client.delete('ada', { commandId: 'c' }),
  send: (client) => client.send('ada', 'Hi', { until: 'end', kind: 'login', clientTools: [tool.definition], acceptMs: 1_500 }),
  post: (client) => client.post('ada', 'Hi'),
  signal: (client) => client.signal('ada', 'Hi'),
  stream: (client) => client.stream('ada', 'Hi', { until: 'end', kind: 'login', clientTools: [tool.definition] }).next(),
  outcome: (client) => client.outcome('ada', 'e', { until: 'end' }),
  aside: (client) => client.aside('ada', [{ role: 'system', text: 'Be short.' }, { role: 'user', text: 'A title?' }], { maxOutputTokens: 50 }),
  hasEvent: (client) => client.hasEvent('ada', 'e'),
  watch: async (client) => [await client.watch('ada').next(), await client.watch('ada', { after: 3 }).next(), await client.watch('ada', { event: 'e' }).next()],
  state: (client) => client.state('ada'),
  context: (client) => client.context('ada'),
  prompt: (client) => client.prompt('ada', { turn: 1, step: 2 }),
  workflow: (client) => client.workflow('ada'),
  counts: (client) => client.counts('ada'),
  blocks: (client) => client.blocks('ada'),
  blocksAsSeen: (client) => client.blocksAsSeen('ada'),
  blockHistory: (client) => client.blockHistory('ada', 'human', 5),
  editBlock: (client) => client.editBlock('ada', 'human', 'Ada', { author: 'Ada', commandId: 'c' }),
  undoBlock: (client) => client.undoBlock('ada', 'human', { author: 'Ada', to: 0, ifVersion: 2 }),
  messages: (client) => client.messages('ada', { after: 3, limit: 5 }),
  searchRecall: (client) => client.searchRecall('ada', { text: 'a', from: 'f', to: 't', order: 'newest', offset: 1, limit: 5, roles: ['user'], conversation: true, before: 9 }),
  searchArchival: (client) => client.searchArchival('ada', { text: 'a', tags: ['x', 'y'], source: 's', from: 'f', to: 't', superseded: true, offset: 1, limit: 5 }),
  passages: (client) => client.passages('ada', { source: 's', offset: 1, limit: 5, superseded: true }),
  passage: (client) => client.passage('ada', 'ada/1/2/0/1'),
  insertPassage: (client) => client.insertPassage('ada', 'heron', { tags: ['x'], ...by }),
  editPassage: (client) => client.editPassage('ada', 'ada/1', 'crane', { tags: ['x'], ifEdits: 1, ...by }),
  supersedePassage: (client) => client.supersedePassage('ada', 'ada/1', 'ibis', { tags: ['x'], ...by }),
  deletePassage: (client) => client.deletePassage('ada', 'ada/1', by),
  documents: (client) => client.documents('ada', { offset: 1, limit: 5 }),
  loadDocuments: (client) => client.loadDocuments('ada', [file]),
  unloadDocuments: (client) => client.unloadDocuments('ada', ['dir/notes.md']),
  cancel: (client) => client.cancel('ada', { turn: 3 }),
  resume: (client) => client.resume('ada'),
  recover: (client) => client.recover('ada'),
  command: (client) =>
    Promise.all([
      client.command('ada', { type: 'pop' }), client.command('ada', { type: 'save', name: 'x' }), client.command('ada', { type: 'load', name: 'x' }),
      client.command('ada', { type: 'renew' }), client.command('ada', { type: 'archive', erase: false }), client.command('ada', { type: 'archive', erase: true }),
    ]),
  checkpoints: (client) => client.checkpoints('ada'),
  schedule: (client) => Promise.all([client.schedule('ada', { id: 'a', text: 'x', at: new Date(0) }), client.schedule('ada', { id: 'b', text: 'x', afterMs: 5, everyMs: 1_000, times: 3, replace: true })]),
  unschedule: (client) => client.unschedule('ada', 'a'),
  timers: (client) => client.timers('ada'),
  waiting: (client) => client.waiting('ada'),
  approve: (client) => client.approve('ada', 'ada/1/2/0', { arguments: { a: 1 }, by: 'Ada' }),
  refuse: (client) => client.refuse('ada', 'ada/1/2/0', { reason: 'no', by: 'Ada' }),
  answerCall: (client) => client.answerCall('ada', 'ada/1/2/0', { text: 'sun', ok: false, by: 'Ada' }),
  serveTools: (client) => client.serveTools('ada', [tool], { signal: AbortSignal.abort() }),
  createAccessKey: (client) => client.createAccessKey({ name: 'shop', scopes: ['messages'], expiresAt: new Date(4e12) }),
  accessKeys: (client) => client.accessKeys({ offset: 1, limit: 5 }),
  revokeAccessKey: (client) => client.revokeAccessKey('0123456789abcdef'),
}

describe('the client over HTTP', () => {
  test('asks every route of the table, as the table takes it [http:client http:complete]', async () => {
    const asked = new Set<string>()
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      await Promise.resolve()
      asked.add(routeOf(url, init).operation)
      if (new Headers(init.headers).get('accept') === 'text/event-stream') {
        return new Response(`id: 6.end.1\nevent: end\ndata: ${JSON.stringify(end)}\n\n`, { headers: { 'content-type': 'text/event-stream' } })
      }
      return Response.json({ end: 'completed', agents: [], messages: [], failed: [], partly: [] })
    }
    const client = createClient({ url: 'http://server', fetch })
    for (const call of Object.values(calls)) await call(client)
    expect([...asked].toSorted()).toEqual(routes.map(({ operation }) => operation).toSorted())
    expect(Object.keys(client).toSorted()).toEqual(Object.keys(calls).toSorted())
  })
})
