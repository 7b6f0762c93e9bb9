import { mkdtempSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openOutbox } from '../../src/cli/chat/outbox.ts'
import { keys, openTerminal, pasted, type OpenTerminal } from './open-terminal.ts'
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
  endpoint.release()
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
    await killed.isSent('third line')
    expect(openOutbox(home, 'kept').waiting()).toEqual([])
    killed.kill('SIGKILL')
    expect(await killed.exited).toBe(128 + 9)

    const left = chat()
    await left.shows('3 messages from earlier are still to be answered')
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

  test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('a line that was begun comes back by Up in the next chat, where %s has ended this one [cli:typed-is-kept]', async (signal) => {
    const ended = chat()
    await ended.shows('/exit leaves')
    ended.type(`begun, then ${signal}`)
    await ended.shows(`you> begun, then ${signal}`)
    ended.kill(signal)
    expect(await ended.exited).toBe(128 + constants.signals[signal])
    const back = chat()
    await back.shows('/exit leaves')
    back.type(keys.up)
    await back.shows(`you> begun, then ${signal}`)
    back.type(keys.ctrl('c') + keys.ctrl('d'))
    expect(await back.exited).toBe(0)
  }, 60_000)

  test('every answer that came while nobody looked is shown to whoever comes back, under its question, once [cli:typed-is-kept]', async () => {
    const another = (): OpenTerminal => openTerminal(home, ['chat', '--agent', 'missed'], { env: env() })
    const left = another()
    await left.shows('/exit leaves')
    endpoint.hold()
    left.enter('one thing')
    left.enter('another thing')
    await left.isSent('another thing')
    left.kill('SIGKILL')
    await left.exited
    endpoint.release()
    await vi.waitFor(async () => expect((await perdure('messages', 'missed')).output.join('\n')).toContain('you said: another thing'), { timeout: 60_000, interval: 200 })

    const back = another()
    await back.shows(/What came of 2 messages of yours meanwhile:[^]*you> one thing\n[^]*missed> you said: one thing\n[^]*you> another thing\n[^]*missed> you said: another thing\n/)
    await back.shows('/exit leaves')
    back.type(keys.ctrl('d'))
    expect(await back.exited).toBe(0)
    const again = another()
    await again.shows(/The last exchange[^]*you> another thing\n[^]*missed> you said: another thing\n[^]*\/exit leaves/)
    expect(again.screen()).not.toContain('one thing')
    again.kill('SIGKILL')
  }, 180_000)
})

describe('what is typed before the prompt is there', () => {
  const coldHome = mkdtempSync(join(tmpdir(), 'perdure-ahead-'))
  const opened: OpenTerminal[] = []
  /** A chat that first has to bring up a stack, whose start is shown already. */
  async function starting(agent: string, options: { readonly at?: RegExp; readonly typed?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<OpenTerminal> {
    await runPerdure(coldHome, ['stack', 'down', '--now'], { env: env() })
    const started = openTerminal(coldHome, ['start', '--agent', agent], { env: { ...env(), ...options.env } })
    opened.push(started)
    if (options.typed !== undefined) started.type(options.typed)
    await started.shows(options.at ?? /starting the Temporal server|starting the worker/)
    return started
  }
  const messagesOf = async (agent: string) => (await runPerdure(coldHome, ['messages', agent, '--json'], { env: env() })).output.flatMap((line) => {
    const { role, text } = JSON.parse(line) as { readonly role: string; readonly text: string }
    return role === 'user' ? [text] : []
  })
  afterAll(async () => {
    for (const terminal of opened) terminal.kill('SIGKILL')
    await runPerdure(coldHome, ['stack', 'down', '--now'], { env: env() })
  })

  test('is sent as a message where Enter ended it, once, and stands in the prompt where not; the line that says what starts is left alone [cli:typed-is-kept]', async () => {
    const chat = await starting('ahead')
    chat.enter('hello there')
    chat.enter('and you?')
    chat.type('not yet')
    const seen = new Set<string>()
    while (!chat.screen().includes('/exit leaves')) {
      for (const row of chat.screen().split('\n')) seen.add(row.replace(/ \(\d+ s\)$/, ''))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect([...seen].filter((row) => /^(starting|waiting)/.test(row) && !/^(starting the (Temporal server|worker|simulated model)|waiting for \S.*)$/.test(row))).toEqual([])
    expect([...seen].join('\n')).not.toMatch(/hello there|and you|not yet/)
    await chat.shows(/you> hello there\n[^]*ahead> you said: hello there\n[^]*you> and you\?\n[^]*ahead> you said: and you\?\n[^]*you> not yet/)
    chat.enter('')
    await chat.shows('ahead> you said: not yet')
    expect(await messagesOf('ahead')).toEqual(['hello there', 'and you?', 'not yet'])
  }, 180_000)

  test('while the program is still loaded is kept as well, as the terminal has it then, a line feed for Enter: one line is sent, once [cli:typed-is-kept]', async () => {
    const chat = await starting('early', { typed: `at once${keys.enter}` })
    chat.type('a draft')
    await chat.shows(/early> you said: at once\n[^]*you> a draft/, { timeoutMs: 60_000 })
    chat.type(keys.ctrl('c'))
    chat.type(keys.ctrl('d'))
    expect(await chat.exited).toBe(0)
    expect(await messagesOf('early')).toEqual(['at once'])
  }, 180_000)

  test('while the program is still loaded and is several lines is one text in the prompt, commands in it too, and is sent by Enter only [cli:typed-is-kept cli:chat]', async () => {
    const chat = await starting('lines', { typed: 'first line\nsecond line\n/exit\n' })
    await chat.shows(/\/exit leaves\.[^]*you> first line\n {5}second line\n {5}\/exit/, { timeoutMs: 60_000 })
    chat.type(keys.enter)
    await chat.shows(/lines> you said: first line\s+second line\s+\/exit/)
    expect(await messagesOf('lines')).toEqual(['first line\nsecond line\n/exit'])
  }, 180_000)

  test('and was pasted is one text in the prompt, commands in it too, and is sent by Enter only [cli:typed-is-kept cli:chat]', async () => {
    const chat = await starting('pasted')
    chat.type(pasted('one\n/exit\ntwo'))
    await chat.shows(/you> one\n {5}\/exit\n {5}two/, { timeoutMs: 60_000 })
    chat.type(keys.enter)
    await chat.shows(/pasted> you said: one\s+\/exit\s+two/)
    expect(await messagesOf('pasted')).toEqual(['one\n/exit\ntwo'])
  }, 180_000)

  test('is given up by Ctrl-C, which ends the start, and can be called back; the terminal is as it was [cli:typed-is-kept cli:chat]', async () => {
    const chat = await starting('given-up')
    chat.type('half a line')
    chat.type(keys.ctrl('c'))
    expect(await chat.exited).toBe(130)
    expect(chat.screen()).not.toContain('half a line')
    expect(chat.written().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(chat.written().lastIndexOf('\u001b[?2004h'))
    const again = await starting('given-up', { at: /\/exit leaves/ })
    again.type(keys.up)
    await again.shows('you> half a line')
  }, 180_000)

  test('where nothing is there in the end can be called back in the next chat, entered or not [cli:typed-is-kept]', async () => {
    const chat = openTerminal(coldHome, ['chat', '--agent', 'back'], { env: { ...env(), TEMPORAL_ADDRESS: '127.0.0.1:9' } })
    opened.push(chat)
    await vi.waitFor(() => expect(chat.written()).toContain('\u001b[?2004h'), { timeout: 30_000, interval: 20 })
    chat.enter('an important line')
    chat.type('and a draft')
    expect(await chat.exited).toBe(4)
    const again = await starting('back', { at: /\/exit leaves/ })
    again.type(keys.up)
    await again.shows('you> and a draft')
    again.type(keys.up)
    await again.shows('you> an important line')
    expect(await messagesOf('back')).toEqual([])
  }, 180_000)

  test('and ends with Ctrl-D is sent, and the chat left [cli:typed-is-kept]', async () => {
    const chat = await starting('left')
    chat.enter('take this')
    chat.type(keys.ctrl('d'))
    expect(await chat.exited).toBe(0)
    await expect.poll(() => messagesOf('left'), { timeout: 30_000 }).toEqual(['take this'])
  }, 180_000)
})
