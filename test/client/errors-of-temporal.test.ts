import { Client, Connection, type ConnectionOptions } from '@temporalio/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { PerdureClient } from '../../src/client/perdure-client.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { storesWith } from '../support/stores-with.ts'

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number]
type Begin = ReturnType<Interceptor>['start']

/** Answers each call with this, in the server's place. */
function answering(code: number, details: string): Interceptor {
  const nothing = (): void => undefined
  const start: Begin = (metadata, listener) => {
    const status: unknown = { code, details, metadata }
    setTimeout(() => listener?.onReceiveStatus?.(status as never), 1)
  }
  return (() => ({ start, sendMessage: nothing, sendMessageWithContext: nothing, startRead: nothing, halfClose: nothing, cancelWithStatus: nothing, getPeer: () => 'the test', getAuthContext: () => null })) as unknown as Interceptor
}

/** Each method that asks Temporal. Those that wait for long are left after a while. */
const methods: Partial<Record<keyof PerdureClient, (client: PerdureClient) => Promise<unknown>>> = {
  create: (client) => client.create({ id: 'bo', model: 'scripted', tools: ['send_message', 'ring_bell'] }),
  importConversation: (client) => client.importConversation({ id: 'cy', model: 'scripted' }, [{ role: 'user', text: 'Hello', at: '2024-05-08T13:56:00Z' }]),
  send: (client) => client.send('ada', 'Hello', { signal: soon() }),
  post: (client) => client.post('ada', 'Hello', { signal: soon() }),
  signal: (client) => client.signal('ada', 'Hello'),
  outcome: (client) => client.outcome('ada', 'one', { signal: soon() }),
  state: (client) => client.state('ada'),
  context: (client) => client.context('ada'),
  blocksAsSeen: (client) => client.blocksAsSeen('ada'),
  cancel: (client) => client.cancel('ada'),
  resume: (client) => client.resume('ada'),
  command: (client) => client.command('ada', { type: 'pop' }, { signal: soon() }),
  update: (client) => client.update('ada', { instructions: 'Be brief.' }, { signal: soon() }),
  undoDefinition: (client) => client.undoDefinition('ada', { to: 1, signal: soon() }),
  setBudget: (client) => client.setBudget('ada', { turn: { steps: 3 } }, { signal: soon() }),
  waiting: (client) => client.waiting('ada'),
  approve: (client) => client.approve('ada', 'ada/1/1/0'),
  refuse: (client) => client.refuse('ada', 'ada/1/1/0'),
  answerCall: (client) => client.answerCall('ada', 'ada/1/1/0', { text: 'Done.' }),
  serveTools: (client) => client.serveTools('ada', [], { signal: soon() }),
  schedule: (client) => client.schedule('ada', { id: 'tea', text: 'Tea!', afterMs: 60_000 }),
  unschedule: (client) => client.unschedule('ada', 'tea'),
  timers: (client) => client.timers('ada'),
  recover: (client) => client.recover('ada'),
  loadDocuments: (client) => client.loadDocuments('ada', [{ name: 'a.txt', bytes: Buffer.from('A fact.') }], { signal: soon() }),
  unloadDocuments: (client) => client.unloadDocuments('ada', ['a.txt'], { signal: soon() }),
  aside: (client) => client.aside('ada', 'A title?', { signal: soon() }),
  list: async (client) => {
    for (const status of ['live', 'parked'] as const) await client.list({ status })
  },
  // Last: after that there is no agent to be asked.
  delete: (client) => client.delete('ada', { signal: soon() }),
}

/** Ask the stores alone. */
const ofStores: readonly (keyof PerdureClient)[] = [
  'get', 'hasEvent', 'blocks', 'blockHistory', 'editBlock', 'undoBlock', 'checkpoints', 'messages', 'searchRecall', 'workflow', 'counts', 'cost', 'definitions', 'compareDefinitions', 'documents', 'prompt', 'watch',
  'insertPassage', 'editPassage', 'supersedePassage', 'deletePassage', 'passage', 'passages', 'searchArchival', 'createAccessKey', 'accessKeys', 'revokeAccessKey',
]

const soon = (): AbortSignal => AbortSignal.timeout(400)

/** What its callers may be told: an error of ours, or the reason of their own signal. */
const isOurs = (error: unknown): boolean => PerdureError.isInstance(error) || (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name))

async function clientOn(connection: Connection): Promise<PerdureClient> {
  const stores = await storesWith()
  onTestFinished(async () => {
    await connection.close().catch(() => undefined)
    await stores.close()
  })
  const client = createClient({ temporal: new Client({ connection }), taskQueue: 'none', stores, patienceMs: 200 })
  await client.create({ id: 'ada', model: 'scripted' }).catch(() => undefined)
  return client
}

/** The names of those methods that have thrown what is not ours, with what that was. */
async function strangers(client: PerdureClient): Promise<readonly string[]> {
  const found: string[] = []
  const asked = async ([name, ask]: readonly [string, (client: PerdureClient) => Promise<unknown>]): Promise<void> => {
    await ask(client).catch((error: unknown) => {
      if (!isOurs(error)) found.push(`${name}: ${String(error)}`)
    })
  }
  const all = Object.entries(methods)
  await Promise.all(all.slice(0, -1).map(asked))
  await Promise.all(all.slice(-1).map(asked))
  return found
}

describe('whoever calls the client', () => {
  test('has each of its methods looked at here [client:sdk]', async () => {
    const client = await clientOn(Connection.lazy({ address: '127.0.0.1:9', interceptors: [answering(14, 'away')] }))
    expect(Object.keys(client).toSorted()).toEqual([...Object.keys(methods), ...ofStores].toSorted())
  })

  test.each([
    ['CANCELLED', 1, 'the call was cancelled'],
    ['UNKNOWN', 2, 'something went wrong'],
    ['INVALID_ARGUMENT', 3, 'PerdureStatus is not a valid search attribute'],
    ['DEADLINE_EXCEEDED', 4, 'too late'],
    ['NOT_FOUND', 5, 'workflow not found for ID: agent:ada'],
    ['NOT_FOUND, of the namespace', 5, 'Namespace nowhere is not found.'],
    ['ALREADY_EXISTS', 6, 'Workflow execution is already running'],
    ['PERMISSION_DENIED', 7, 'Request unauthorized.'],
    ['RESOURCE_EXHAUSTED', 8, 'namespace rate limit exceeded'],
    ['FAILED_PRECONDITION', 9, 'the workflow is in no state for this'],
    ['ABORTED', 10, 'workflow is closing'],
    ['OUT_OF_RANGE', 11, 'too far'],
    ['UNIMPLEMENTED', 12, 'unknown method'],
    ['INTERNAL', 13, 'it failed'],
    ['UNAVAILABLE', 14, 'no server'],
    ['DATA_LOSS', 15, 'it is gone'],
    ['UNAUTHENTICATED', 16, 'who are you?'],
  ])('has only errors with a code of ours, and its own signal, whatever Temporal answers: %s [client:sdk]', async (_, code, details) => {
    const client = await clientOn(Connection.lazy({ address: '127.0.0.1:9', interceptors: [answering(code, details)] }))
    expect(await strangers(client)).toEqual([])
  })

  test('has them also of a connection that was closed [client:sdk]', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:9' })
    const client = await clientOn(connection)
    await connection.close()
    await expect(client.state('ada')).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('was closed') as string })
    expect(await strangers(client)).toEqual([])
  })

  test('is told at once where the server refuses it, and by what [client:sdk]', async () => {
    const client = await clientOn(Connection.lazy({ address: '127.0.0.1:9', interceptors: [answering(7, 'Request unauthorized.')] }))
    const refused = { code: 'config-invalid', message: expect.stringMatching(/refuses this client \(Request unauthorized\.\).*TEMPORAL_API_KEY/) as string }
    await expect(client.post('ada', 'Hello', { eventId: 'one' })).rejects.toMatchObject(refused)
    await expect(client.list({ statuses: true })).rejects.toMatchObject(refused)
    expect(await client.hasEvent('ada', 'one')).toBe(true)
  })
})
