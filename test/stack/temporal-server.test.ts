import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureSearchAttributes, searchAttributeNames } from '../../src/worker/search-attributes.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { startTemporal, type TestTemporal } from '../servers/temporal.ts'

describe('a Temporal server on a file', () => {
  const dbFile = join(mkdtempSync(join(tmpdir(), 'perdure-temporal-')), 'temporal.db')
  let server: TestTemporal
  beforeAll(async () => {
    server = await startTemporal({ dbFile })
  })
  afterAll(() => server.stop())

  const withClient = async <Result>(use: (client: Client) => Promise<Result>): Promise<Result> => {
    const connection = await connectTemporal(server)
    try {
      return await use(new Client({ connection, namespace: server.namespace }))
    } finally {
      await connection.close()
    }
  }

  test('keeps a workflow and its history over SIGKILL and a start on the same port', async () => {
    const start = { taskQueue: 'nobody', workflowId: 'kept', signal: 'hello', signalArgs: ['world'] }
    await withClient((client) => client.workflow.signalWithStart('any', start))
    await server.kill()
    expect(server.pid).toBeUndefined()
    await server.restart()
    const history = await withClient((client) => client.workflow.getHandle('kept').fetchHistory())
    const signals = history.events?.filter((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'hello')
    expect(signals).toHaveLength(1)
  })

  test('knows the search attributes of agents after each start', async () => {
    await withClient(async (client) => {
      const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: server.namespace })
      for (const name of searchAttributeNames) expect(customAttributes[name]).toBe(2)
    })
  })

  test('registering search attributes again changes nothing', async () => {
    const connection = await connectTemporal(server)
    await ensureSearchAttributes(connection, server.namespace)
    await ensureSearchAttributes(connection, server.namespace)
    await connection.close()
  })
})
