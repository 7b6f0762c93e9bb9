import { copyFileSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchAttributeNames } from '../../src/protocol/search-attribute-names.ts'
import { ensureSearchAttributes } from '../../src/worker/search-attributes.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { freePort } from '../../src/stack/ports.ts'
import { waitForOwnServer } from '../../src/stack/temporal/own-server-ready.ts'
import { startTemporal, type TestTemporal } from '../servers/temporal.ts'

/** The database and its log, elsewhere; without the index of the log, which is made anew. */
function copyOf(dbFile: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'perdure-temporal-')), 'temporal.db')
  for (const end of ['', '-wal']) copyFileSync(`${dbFile}${end}`, `${copy}${end}`)
  return copy
}

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

  test('keeps all that it confirmed in its file and the log beside it: a copy of the two has it, taken when it was killed or while it ran', async () => {
    const confirmed: string[] = []
    const confirm = async (workflowId: string) => {
      await withClient((client) => client.workflow.signalWithStart('any', { taskQueue: 'nobody', workflowId, signal: 'hello' }))
      confirmed.push(workflowId)
    }
    const foundOn = async (database: string) => {
      const other = await startTemporal({ dbFile: database })
      const connection = await connectTemporal(other)
      try {
        const { workflow } = new Client({ connection, namespace: other.namespace })
        const histories = await Promise.all(confirmed.map((id) => workflow.getHandle(id).fetchHistory().catch(() => undefined)))
        return confirmed.filter((_id, index) => histories[index]?.events?.some(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'hello'))
      } finally {
        await connection.close()
        await other.stop()
      }
    }
    for (let index = 0; index < 20; index += 1) await confirm(`while-it-ran-${index}`)
    server.pause()
    const whileItRan = copyOf(dbFile)
    server.resume()
    expect(statSync(`${whileItRan}-wal`).size).toBeGreaterThan(0)
    expect(await foundOn(whileItRan)).toEqual(confirmed)

    for (let index = 0; index < 20; index += 1) await confirm(`until-it-was-killed-${index}`)
    await server.kill()
    const whenKilled = copyOf(dbFile)
    await server.restart()
    expect(await foundOn(whenKilled)).toEqual(confirmed)
  })

  test('is ready for the supervisor once it answers for its namespace, and for no other', async () => {
    const { address, namespace } = server
    await waitForOwnServer({ address, namespace }, { timeoutMs: 10_000 })
    await expect(waitForOwnServer({ address, namespace: 'another' }, { timeoutMs: 0 })).rejects.toMatchObject({
      code: 'server-unavailable',
      message: expect.stringMatching(/does not answer for namespace another: Namespace another is not found/) as unknown,
    })
    const nobody = `127.0.0.1:${await freePort()}`
    await expect(waitForOwnServer({ address: nobody, namespace }, { timeoutMs: 0 })).rejects.toMatchObject({ code: 'server-unavailable', message: expect.stringContaining('ECONNREFUSED') as unknown })
    await expect(waitForOwnServer({ address: nobody, namespace }, { timeoutMs: 10_000, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
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
