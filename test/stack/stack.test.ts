import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { holdPort, type HeldPorts } from '../../src/stack/held-ports.ts'
import { freePort } from '../../src/stack/ports.ts'
import { isAlive, signalProcess } from '../../src/stack/process-identity.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { waitForHttp } from '../../src/stack/stack.ts'
import { statusLines } from '../../src/cli/output/stack-lines.ts'
import { stackUses, type StackUse } from '../../src/stack/stack-settings.ts'
import { stackStatus } from '../../src/stack/stack-status.ts'
import { stopStack } from '../../src/stack/stop-stack.ts'
import { startTemporal, type TestTemporal } from '../servers/temporal.ts'
import { livingOf, processesOf, testStack, type TestStack } from './test-stack.ts'

const eventually = <Result>(check: () => Result): Promise<Result> => vi.waitFor(check, { timeout: 20_000, interval: 50 })

let temporal: TestTemporal
let stack: TestStack
beforeAll(async () => {
  temporal = await startTemporal()
})
afterEach(() => stack.end())
afterAll(() => temporal.stop())
const onSharedServer = () => testStack({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace })

describe('a stack', () => {
  test('is one, whoever starts it at the same time', async () => {
    stack = onSharedServer()
    const [, , here] = await Promise.all([stack.startUser(), stack.startUser(), stack.start()])
    expect(stackStatus(stack.config)).toMatchObject({ running: true, users: 3 })
    expect(readFileSync(join(here.home, 'worker-runs.txt'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  test('gives its children the configuration, and the worker the address of the simulated model', async () => {
    stack = onSharedServer()
    const { home, modelUrl } = await stack.start()
    const [worker] = readFileSync(join(home, 'worker-runs.txt'), 'utf8').split('\n')
    expect(JSON.parse(worker ?? '')).toMatchObject({ TEMPORAL_ADDRESS: temporal.address, OPENAI_BASE_URL: modelUrl })
    expect(await (await fetch(modelUrl ?? '')).text()).toBe('simulated')
  })

  test('has no simulated model where an endpoint is configured', async () => {
    stack = testStack({ TEMPORAL_ADDRESS: temporal.address, OPENAI_BASE_URL: 'http://localhost:1/v1' })
    expect((await stack.start()).modelUrl).toBeUndefined()
    expect(stack.running().children.map(({ name }) => name)).toEqual(['worker', 'http'])
  })

  test('says how its settings differ to one who wants others, without secrets', async () => {
    stack = onSharedServer()
    await stack.start()
    const other = readConfig({ PERDURE_HOME: stack.config.home, TEMPORAL_ADDRESS: temporal.address, PERDURE_TASK_QUEUE: 'elsewhere', OPENAI_API_KEY: 'hunter2' })
    const failure = stack.start({ config: other })
    await expect(failure).rejects.toMatchObject({ code: 'config-invalid' })
    await expect(failure).rejects.toThrow(/task queue: perdure there, elsewhere here\n.*model endpoint: simulated there, OpenAI here/s)
    await expect(failure).rejects.not.toThrow(/hunter2/)
  })

  test('is joined by whoever wants the same of what they use, and no more: a client, who makes vectors, who chats, who keeps it', async () => {
    stack = onSharedServer()
    await stack.start()
    const given = { PERDURE_HOME: stack.config.home, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, PERDURE_HTTP_ADDRESS: '127.0.0.1:0' }
    const join = (env: NodeJS.ProcessEnv, use: StackUse) => stack.start({ config: readConfig({ ...given, ...env }), use })
    const others: readonly (readonly [NodeJS.ProcessEnv, StackUse | 'nobody', RegExp])[] = [
      [{ PERDURE_HTTP_ADDRESS: '127.0.0.1:9', PERDURE_UI_TEXT: 'on' }, 'chat', /address over HTTP/],
      [{ PERDURE_PRICES: 'gpt-x=1/0.5/2' }, 'vectors', /prices/],
      [{ OPENAI_API_KEY: 'hunter2' }, 'client', /keys of the models: others than here/],
      [{ PERDURE_TASK_QUEUE: 'elsewhere' }, 'nobody', /task queue/],
    ]
    for (const [env, last, named] of others) {
      for (const use of stackUses.slice(0, last === 'nobody' ? 0 : stackUses.indexOf(last) + 1)) expect(await join(env, use)).toMatchObject({ joined: true })
      const [first = 'stack'] = stackUses.slice(last === 'nobody' ? 0 : stackUses.indexOf(last) + 1)
      await expect(join(env, first)).rejects.toThrow(named)
      await expect(join(env, 'stack')).rejects.toMatchObject({ code: 'config-invalid' })
    }
  })

  test('that does not start says why, with the end of the log', async () => {
    stack = testStack({ TEMPORAL_ADDRESS: temporal.address, PERDURE_FAULT_POINT: 'worker-start' })
    await expect(stack.start()).rejects.toThrow(/worker ends before it is ready .*the worker can not work/s)
    expect(stackStatus(stack.config)).toMatchObject({ running: false, orphans: [], lastFailure: expect.stringContaining('the worker') as string })
  })

  test('needs a folder that can be written to, and says so', async () => {
    stack = onSharedServer()
    const file = join(mkdtempSync(join(tmpdir(), 'perdure-file-')), 'file')
    writeFileSync(file, '')
    await expect(stack.start({ config: { ...stack.config, home: join(file, 'home') } })).rejects.toThrow(/can't be written to .*PERDURE_HOME/)
  })

  test('names the port that was asked for and is taken', async () => {
    const port = await freePort()
    const holder = createServer().listen(port, '127.0.0.1')
    stack = testStack({ PERDURE_TEMPORAL_PORT: String(port) })
    const failure = stack.start()
    await expect(failure).rejects.toMatchObject({ code: 'port-busy' })
    await expect(failure).rejects.toThrow(`port ${port}, asked for by PERDURE_TEMPORAL_PORT, is taken`)
    holder.close()
  })
})

describe('the server of agents over HTTP', () => {
  test('is part of the stack, a client of its Temporal server, and is started again at its address', async () => {
    stack = onSharedServer()
    const running = await stack.start()
    await waitForHttp(running)
    expect(await (await fetch(running.http.url)).text()).toBe(`agents at ${temporal.address}`)
    const before = stack.child('http')
    signalProcess(before, 'SIGKILL')
    await eventually(() => expect(stack.child('http')).not.toEqual(before))
    expect((await fetch(running.http.url)).status).toBe(200)
    await running.release()
    await expect(fetch(running.http.url)).rejects.toThrow()
  })

  test('waits for its address where another program has it, says so, and stops nothing', async () => {
    const port = await freePort()
    const holder = createServer().listen(port, '127.0.0.1')
    await once(holder, 'listening')
    stack = testStack({ TEMPORAL_ADDRESS: temporal.address, PERDURE_HTTP_ADDRESS: `127.0.0.1:${port}` })
    const running = await stack.start()
    const problem = `127.0.0.1:${port} is taken; stop what listens there, or name another address by PERDURE_HTTP_ADDRESS`
    expect(running.http).toEqual({ url: `http://127.0.0.1:${port}`, problem })
    await expect(waitForHttp(running)).rejects.toThrow(problem)
    expect(statusLines(stackStatus(stack.config), { home: '', logs: '', now: new Date() })).toContain(`  http        down, about to start again: ${problem}`)
    holder.close()
    await eventually(() => stack.child('http'))
    await waitForHttp(running)
    expect(stack.running().children.find(({ name }) => name === 'http')).not.toHaveProperty('problem')
  })

  test('that can\'t serve leaves the rest as it is, and says why', async () => {
    // Any address but the machine's own needs a key, and there is none.
    stack = testStack({ TEMPORAL_ADDRESS: temporal.address, PERDURE_HTTP_ADDRESS: `0.0.0.0:${await freePort()}` })
    const running = await stack.start()
    await expect(waitForHttp(running)).rejects.toThrow(/ends before it is ready \(status 1\)/)
    expect(isAlive(stack.child('worker'))).toBe(true)
  })
})

describe('a child that dies', () => {
  test.each(['worker', 'model', 'http'] as const)('is started again: %s', async (name) => {
    stack = onSharedServer()
    await stack.start()
    const before = await eventually(() => stack.child(name))
    signalProcess(before, 'SIGKILL')
    const after = await eventually(() => {
      const child = stack.child(name)
      expect(child).not.toEqual(before)
      return child
    })
    expect(isAlive(after)).toBe(true)
    expect(stack.running().children.find((child) => child.name === name)).toMatchObject({ ready: true, restarts: 1 })
  })
})

describe('the own Temporal server', () => {
  test('has ports of its own, also where several stacks start at the same moment', async () => {
    const others = [testStack(), testStack()]
    stack = testStack()
    try {
      const started = await Promise.all([stack, ...others].map((one) => one.start()))
      expect(new Set(started.flatMap(({ temporalAddress, uiUrl }) => [temporalAddress, uiUrl])).size).toBe(6)
      const processes = [stack, ...others].map((one) => one.running().children.find(({ name }) => name === 'temporal'))
      expect(processes.map((child) => child?.restarts)).toEqual([0, 0, 0])
    } finally {
      await Promise.all(others.map((other) => other.end()))
    }
  })

  test('has its ports to itself as long as its supervisor lives, also between its death and its next start', async () => {
    stack = testStack()
    await stack.start()
    const { ports } = stack.running()
    const heldOf = async () => {
      let seen: HeldPorts = new Map()
      const options = { env: process.env, home: 'another', signal: AbortSignal.timeout(10_000) }
      await holdPort(options, (others) => {
        seen = others
        return freePort()
      })
      return [...seen].flatMap(([port, home]) => (home === stack.config.home ? [port] : [])).toSorted()
    }
    expect(await heldOf()).toEqual(Object.values(ports).toSorted())
    signalProcess(stack.running().supervisor, 'SIGKILL')
    await eventually(() => expect(stackStatus(stack.config).running).toBe(false))
    expect(await heldOf()).toEqual([])
  })

  test('is started again on its port and its data when it dies', async () => {
    stack = testStack()
    const { temporalAddress, namespace } = await stack.start()
    const connection = await connectTemporal({ address: temporalAddress, namespace })
    const client = new Client({ connection, namespace })
    await client.workflow.start('any', { taskQueue: 'nobody', workflowId: 'kept' })
    const before = stack.child('temporal')
    signalProcess(before, 'SIGKILL')
    await eventually(() => expect(stack.child('temporal')).not.toEqual(before))
    expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING')
    await connection.close()
  })
})

describe('a supervisor that is killed', () => {
  test('leaves processes that the next start ends, and data that it goes on with', { timeout: 60_000 }, async () => {
    stack = testStack()
    const first = await stack.start()
    const withClient = async <Result>(use: (client: Client) => Promise<Result>) => {
      const connection = await connectTemporal({ address: first.temporalAddress, namespace: first.namespace })
      return use(new Client({ connection, namespace: first.namespace })).finally(() => connection.close())
    }
    await withClient((client) => client.workflow.start('any', { taskQueue: 'nobody', workflowId: 'kept' }))
    const before = processesOf(stack)
    signalProcess(stack.running().supervisor, 'SIGKILL')
    await eventually(() => expect(stackStatus(stack.config)).toMatchObject({ running: false, orphans: expect.arrayContaining([expect.any(Number)]) as number[] }))
    expect(livingOf(before)).toHaveLength(4)

    const second = await stack.start()
    expect(livingOf(before)).toEqual([])
    expect(second).toMatchObject({ joined: false, temporalAddress: first.temporalAddress })
    expect((await withClient((client) => client.workflow.getHandle('kept').describe())).status.name).toBe('RUNNING')
  })

  test('leaves processes that stopping ends as well', async () => {
    stack = onSharedServer()
    await stack.start()
    const before = processesOf(stack)
    signalProcess(stack.running().supervisor, 'SIGKILL')
    await eventually(() => expect(stackStatus(stack.config).running).toBe(false))
    expect(await stopStack({ config: stack.config })).toBe('orphans')
    expect(livingOf(before)).toEqual([])
  })
})

describe('an attached stack', () => {
  test('stops when its last user leaves, not before', async () => {
    stack = onSharedServer()
    const first = await stack.start()
    const second = await stack.start()
    expect([first.joined, second.joined]).toEqual([false, true])
    const processes = processesOf(stack)
    await first.release()
    expect(livingOf(processes)).toHaveLength(processes.length)
    await second.release()
    expect(livingOf(processes)).toEqual([])
  })

  test('stops when its last user is killed', async () => {
    stack = onSharedServer()
    const user = await stack.startUser()
    const processes = processesOf(stack)
    user.kill('SIGKILL')
    await eventually(() => expect(livingOf(processes)).toEqual([]))
    expect(stack.supervisorLog()).toContain('stopped')
  })

  test('is not reached by Ctrl-C in the terminal that started it: it stops cleanly, as nobody uses it', async () => {
    stack = onSharedServer()
    const user = await stack.startUser()
    const processes = processesOf(stack)
    process.kill(-(user.pid ?? Number.NaN), 'SIGINT')
    await eventually(() => expect(livingOf(processes)).toEqual([]))
    expect(stack.supervisorLog()).toContain('worker ended: status 0')
  })

  test('is ended at once by one who does not want to wait', async () => {
    stack = onSharedServer()
    const running = await stack.start()
    const processes = processesOf(stack)
    const leaving = running.release()
    await running.release({ immediately: true })
    await leaving
    expect(livingOf(processes)).toEqual([])
  })

  test('becomes a kept one, and ends by being stopped', async () => {
    stack = onSharedServer()
    const attached = await stack.start()
    expect(await stack.start({ mode: 'kept' })).toMatchObject({ joined: true })
    await attached.release()
    expect(stackStatus(stack.config)).toMatchObject({ running: true, mode: 'kept', users: 0 })
    expect(await stopStack({ config: stack.config })).toBe('stack')
    expect(stackStatus(stack.config).running).toBe(false)
    expect(existsSync(join(stack.config.home, 'worker-runs.txt'))).toBe(true)
    expect(await stopStack({ config: stack.config })).toBe('nothing')
  })
})
