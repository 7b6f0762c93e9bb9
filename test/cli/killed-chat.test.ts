import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { openOutbox } from '../../src/cli/chat/outbox.ts'
import { killWorker } from '../../src/cli/demo/kill-worker.ts'
import { readConfig } from '../../src/config/config.ts'
import { signalProcess } from '../../src/stack/process-identity.ts'
import { stackStatus } from '../../src/stack/stack-status.ts'
import { runPerdure, startPerdure } from './run-perdure.ts'

const home = mkdtempSync(join(tmpdir(), 'perdure-killed-'))
const config = readConfig({ PERDURE_HOME: home })

afterAll(() => runPerdure(home, ['stack', 'down', '--now']))

test(
  'kill -9 of chat, supervisor, server and worker with a message under way: the next start answers it, once [mailbox:durable]',
  async () => {
    await runPerdure(home, ['stack', 'up'])
    const told = await runPerdure(home, ['chat', '--agent', 'sam'], { input: 'My name is Ada.' })
    expect(told.status).toBe(0)
    const chat = startPerdure(home, ['chat', '--agent', 'sam'])
    const ended = once(chat, 'exit')
    let output = ''
    chat.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    // Its answer says that the chat has opened: before that it asks the worker, too.
    chat.stdin.write('/state\n')
    await vi.waitFor(() => expect(output).toContain('status     idle'), { timeout: 30_000, interval: 50 })
    killWorker(config)
    chat.stdin.write('What is my name?\n')
    await vi.waitFor(() => expect(openOutbox(home, 'sam').waiting()).toHaveLength(1), { timeout: 10_000, interval: 10 })
    const status = stackStatus(config)
    if (!status.running) throw new Error('the stack does not run')
    const { supervisor, children } = status.state
    for (const process of [supervisor, ...children.flatMap((child) => child.process ?? [])]) signalProcess(process, 'SIGKILL')
    chat.kill('SIGKILL')
    await ended

    const next = await runPerdure(home, ['chat', '--agent', 'sam'], { input: '/search name' })
    expect(next.errors).toContain('1 message from earlier is still to be answered')
    expect(next.output[0]).toMatch(/^sam> .*Ada/)
    expect(next.output.filter((line) => line.includes('you: What is my name?'))).toHaveLength(1)
    expect(openOutbox(home, 'sam').waiting()).toEqual([])
    expect(next.status).toBe(0)
  },
  120_000,
)
