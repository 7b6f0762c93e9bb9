import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openOutbox } from '../../src/cli/chat/outbox.ts'
import { keys, openTerminal, type OpenTerminal } from './open-terminal.ts'
import { runPerdure } from './run-perdure.ts'
import { slowEndpoint, type SlowEndpoint } from './slow-endpoint.ts'

const home = mkdtempSync(join(tmpdir(), 'perdure-typed-'))
let endpoint: SlowEndpoint
const env = (): NodeJS.ProcessEnv => ({ OPENAI_BASE_URL: endpoint.url, OPENAI_API_KEY: 'none', PERDURE_MODEL: 'slow' })
const chat = (): OpenTerminal => openTerminal(home, ['chat', '--agent', 'kept'], { env: env() })
const perdure = (...args: string[]) => runPerdure(home, args, { env: env() })

beforeAll(async () => {
  endpoint = await slowEndpoint()
  await runPerdure(home, ['stack', 'up'], { env: env() })
})
afterAll(async () => {
  await perdure('stack', 'down', '--now')
  await endpoint.close()
})

describe('what was typed is kept', () => {
  test('a line is in the mailbox before the prompt comes back: kill -9 and Ctrl-D lose none of those that wait [cli:typed-is-kept]', async () => {
    const killed = chat()
    await killed.shows('/exit leaves')
    endpoint.hold()
    killed.enter('first of all')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    killed.enter('second line')
    killed.enter('third line')
    await vi.waitFor(() => expect(openOutbox(home, 'kept').waiting()).toEqual([]), { timeout: 20_000 })
    await killed.shows(/third line/)
    killed.kill('SIGKILL')
    expect(await killed.exited).toBe(128 + 9)

    const left = chat()
    await left.shows('3 messages from earlier are still to be answered')
    // Before the prompt is there the terminal reads lines by itself, and turns Enter and Ctrl-D into something else.
    await left.shows('/exit leaves')
    left.enter('fourth line')
    await left.shows(/fourth line[^]*(>|thinking|waiting)/)
    left.type(keys.ctrl('d'))
    expect(await left.exited).toBe(0)

    endpoint.release()
    const answers = await vi.waitFor(
      async () => {
        const { output } = await runPerdure(home, ['chat', '--agent', 'kept'], { env: env(), input: '/dump 100' })
        const replies = output.flatMap((line) => /→ user: you said: (.*)/.exec(line)?.[1] ?? [])
        expect(replies).toHaveLength(4)
        return replies
      },
      { timeout: 60_000, interval: 200 },
    )
    expect(answers).toEqual(['first of all', 'second line', 'third line', 'fourth line'])
  }, 180_000)
})
