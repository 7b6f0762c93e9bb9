import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { keys, openTerminal, pasted, type OpenTerminal } from './open-terminal.ts'
import { runPerdure } from './run-perdure.ts'
import { echo, slowEndpoint, type SlowEndpoint, type WrittenCall } from './slow-endpoint.ts'

const home = mkdtempSync(join(tmpdir(), 'perdure-terminal-'))
let endpoint: SlowEndpoint
const env = (): NodeJS.ProcessEnv => ({ OPENAI_BASE_URL: endpoint.url, OPENAI_API_KEY: 'none', PERDURE_MODEL: 'slow', PERDURE_TASK_QUEUE: 'terminal-chat' })
const chats: OpenTerminal[] = []
async function openChat(agent: string, options: { readonly env?: NodeJS.ProcessEnv; readonly columns?: number } = {}): Promise<OpenTerminal> {
  const chat = openTerminal(home, ['chat', '--agent', agent], { ...options, env: { ...env(), ...options.env } })
  chats.push(chat)
  await chat.shows('/exit leaves')
  return chat
}

const written = '# Boathouse\n\nThe **key** hangs behind the clock, and it has hung there for as long as anybody in the village can remember.\n\n```\nopen   --door\n```\n'

/** What the model does for what is said. */
function answer(said: string, sinceThen: number): readonly WrittenCall[] {
  if (said.startsWith('notes') && sinceThen === 0) {
    return [1, 2].map((number) => ({ name: 'core_memory_append', arguments: { inner_thoughts: `Note ${number}.`, label: 'human', content: `${said} ${number}`, request_heartbeat: true } }))
  }
  if (said === 'essay') return [{ name: 'send_message', arguments: { message: Array.from({ length: 150 }, (_, index) => `Sentence number ${index + 1} of the essay about boats.`).join(' ') } }]
  if (said === 'page') return [{ name: 'send_message', arguments: { message: written } }]
  return echo(said)
}

/** Until the agent has said so, whatever a chat shows. */
const answered = (agent: string, text: string): Promise<void> =>
  vi.waitFor(async () => expect((await runPerdure(home, ['messages', agent], { env: env() })).output.join('\n')).toContain(text), { timeout: 30_000, interval: 500 })

beforeAll(async () => {
  endpoint = await slowEndpoint({ answer })
  const up = await runPerdure(home, ['stack', 'up'], { env: env() })
  expect(up.errors + up.output.join('\n')).toContain('The stack is up')
})
afterEach(() => {
  endpoint.release()
  // One that stays open goes on asking what its agent does.
  for (const chat of chats.splice(0)) chat.kill('SIGKILL')
})
afterAll(async () => {
  await runPerdure(home, ['stack', 'down', '--now'], { env: env() })
  await endpoint.close()
})

describe('a chat in a terminal', { timeout: 120_000 }, () => {
  test('takes a pasted text of several lines as one message, commands in it too; typed lines by Alt-Enter, Shift-Enter and a backslash [cli:chat]', async () => {
    const chat = await openChat('paste')
    chat.type(pasted('one\n/exit\ntwo'))
    await chat.shows(/you> one\n {5}\/exit\n {5}two/)
    chat.type(keys.enter)
    await chat.shows(/paste> you said: one\s+\/exit\s+two/)
    chat.type(`three${keys.altEnter}four\\${keys.enter}five\u001b[27;2;13~six${keys.enter}`)
    await chat.shows(/you said: three\s+four\s+five\s+six\n/)
    const { output } = await runPerdure(home, ['chat', '--agent', 'paste'], { env: env(), input: '/dump 100' })
    expect(output.filter((line) => /turn \d+ {2}user/.test(line))).toHaveLength(2)
  })

  test('says under an answer what it has cost, shows thoughts of native tool calls, and Markdown as what it means [cli:chat step:inner-thoughts]', async () => {
    const chat = await openChat('page')
    chat.enter('hello')
    await chat.shows(/· They said: hello\npage> you said: hello\nyou> ?\n1 step · 1,000 tokens in, 40 out · \d+\.\d s/)
    chat.enter('page')
    await chat.shows(/page> Boathouse\n\n {6}The key hangs behind the clock, and it has hung there for as long as\n {6}anybody in the village can remember\.\n\n {8}open {3}--door\n/)
    // A reply is seen before its turn is recorded as a whole: the next turn begins after that.
    chat.enter('thanks')
    await chat.shows('page> you said: thanks')
    chat.enter('/dump 20')
    await chat.shows('→ user: # Boathouse')
    expect(chat.all()).toMatch(/assistant.*\n {4}· They said: hello/)
  })

  test('clears the line by Ctrl-C, cancels the turn, and leaves at the second one only [cli:chat turn:cancel]', async () => {
    const chat = await openChat('interrupt')
    chat.type('never sent')
    await chat.shows('you> never sent')
    chat.type(keys.ctrl('c'))
    await vi.waitFor(() => expect(chat.screen()).not.toContain('never sent'), { timeout: 20_000 })
    endpoint.hold()
    chat.enter('a long one')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.type(keys.ctrl('c'))
    await chat.shows('cancelling the turn')
    await chat.shows(/^cancelled/m)
    endpoint.release()
    chat.enter('still here')
    await chat.shows('you said: still here')
    await chat.shows(/1 step ·/)
    chat.type(keys.up + keys.up + keys.up)
    await chat.shows(/you> never sent$/m)
    chat.type(keys.ctrl('c'))
    await new Promise((resolve) => setTimeout(resolve, 3_100))
    chat.type(keys.ctrl('c'))
    await chat.shows('Ctrl-C again leaves')
    chat.type(keys.ctrl('c'))
    expect(await chat.exited).toBe(0)
    expect(chat.written()).toContain('\u001b[?2004l')
  })

  test('cancels by Ctrl-C the turn that runs and not the message behind it; the turn after a cancelled one is cancelled by the first Ctrl-C too [cli:chat turn:cancel]', async () => {
    const chat = await openChat('cancels')
    endpoint.hold()
    chat.enter('first')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.enter('second')
    await chat.isSent('second')
    chat.type(keys.ctrl('c'))
    await chat.shows(/^cancelled/m)
    endpoint.release()
    await chat.shows('you said: second')
    await chat.shows(/1 step ·/)
    endpoint.hold()
    for (const [index, line] of ['third', 'fourth'].entries()) {
      chat.enter(line)
      await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
      await chat.shows('thinking')
      chat.type(keys.ctrl('c'))
      await vi.waitFor(() => expect(chat.all().match(/^cancelled/gm)).toHaveLength(2 + index), { timeout: 20_000 })
    }
    endpoint.release()
    chat.enter('still here')
    await chat.shows('you said: still here')
    expect(chat.all()).not.toMatch(/you said: (first|third|fourth)/)
  })

  test('names the question of each answer where several waited [cli:chat]', async () => {
    const chat = await openChat('several')
    endpoint.hold()
    chat.enter('first question')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.enter('second question')
    chat.enter('third question')
    await chat.shows(/you> third question\n/)
    endpoint.release()
    await chat.shows('you said: third question')
    expect(chat.all()).toMatch(/you> first question\n {2}· [^\n]*\nseveral> you said: first question\nyou> second question\n {2}· [^\n]*\nseveral> you said: second question\nyou> third question\n {2}· [^\n]*\nseveral> you said: third question/)
  })

  test('says that the model fails while it is tried again, until it answers; what was said is in the context meanwhile [cli:chat query:state]', async () => {
    const chat = await openChat('failing')
    endpoint.fail(503)
    chat.enter('are you there?')
    await chat.shows("trying again: the model's endpoint failed (503): out of order", { timeoutMs: 90_000 })
    chat.enter('/dump')
    await chat.shows(/1 message in the context:\n#1 .*\n {4}are you there\?/)
    endpoint.release()
    await chat.shows('failing> you said: are you there?', { timeoutMs: 60_000 })
    await chat.shows(/1 step ·/)
    expect(chat.all()).not.toContain('trying again')
  })

  test('names a question that is still open once to whoever comes back, and below the last exchange [cli:chat]', async () => {
    const chat = await openChat('open')
    chat.enter('one')
    await chat.shows('open> you said: one')
    await chat.shows(/1 step ·/)
    endpoint.hold()
    chat.enter('two')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.enter('/exit')
    await chat.exited
    const back = await openChat('open')
    expect(back.all()).toMatch(/The last exchange, of .*:\n {2}you> one\n {2}open> you said: one\n1 message from earlier is still to be answered:\nyou> two\nType a message/)
    endpoint.release()
    await back.shows('open> you said: two')
  })

  test('says that a turn fails again that was parked and went on by itself, and shows its answer [cli:chat turn:park-resume]', async () => {
    const chat = await openChat('parked')
    endpoint.fail(500)
    chat.enter('are you there?')
    await chat.shows('parked (model-', { timeoutMs: 60_000 })
    await vi.waitFor(() => expect(chat.screen()).toMatch(/parked \(model-[^]*trying again: the model's endpoint failed \(500\)/), { timeout: 60_000, interval: 100 })
    endpoint.release()
    await chat.shows('parked> you said: are you there?', { timeoutMs: 60_000 })
  })

  test('knows what it said itself, also where that is answered in a later chat after a park; and says by what the agent is let go on [cli:chat turn:park-resume]', async () => {
    endpoint.fail(400)
    const parked = await runPerdure(home, ['chat', '--agent', 'piped'], { env: env(), input: 'are you there?' })
    expect(parked.status).toBe(1)
    expect(parked.errors).toMatch(/parked \(model-refused\)[^]*\/set FIELD=VALUE/)
    expect(parked.errors).not.toContain('OPENAI_API_KEY')
    endpoint.release()
    const back = await runPerdure(home, ['chat', '--agent', 'piped'], { env: env(), input: 'and now?' })
    expect(back.output.filter((line) => line.startsWith('piped>'))).toEqual(['piped> you said: are you there?', 'piped> you said: and now?'])
    expect(back.output.join() + back.errors).not.toContain('said elsewhere')
  })

  test('shows results under their calls, also with two chats on one agent [cli:chat]', async () => {
    const [one, other] = [await openChat('shared'), await openChat('shared')]
    one.enter('notes A')
    other.enter('notes B')
    for (const chat of [one, other]) {
      await chat.shows(/you said: notes A[^]*you said: notes B|you said: notes B[^]*you said: notes A/)
      const pairs = chat.all().match(/ {2}→ core_memory_append\([^\n]*\n {2}← Appended/g)
      expect(pairs).toHaveLength(4)
    }
    expect(one.all()).toContain('! said elsewhere: notes B')
    expect(other.all()).toContain('! said elsewhere: notes A')
  })

  test('leaves no stale copies of a long line when it is drawn anew and the terminal is resized [cli:chat]', async () => {
    const chat = await openChat('resize')
    const line = 'a long line with 日本語 in it, which goes on and on until it takes several rows of the terminal, and on '
    endpoint.hold()
    chat.enter('work')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.type(line)
    await chat.shows('of the terminal, and on')
    for (const columns of [60, 50, 70, 100, 80]) {
      chat.resize(columns, 24)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    await vi.waitFor(() => expect(chat.all().match(/a long line/g)).toHaveLength(1), { timeout: 20_000 })
    endpoint.release()
    await chat.shows('you said: work')
    await vi.waitFor(() => expect(chat.all().match(/a long line/g)).toHaveLength(1), { timeout: 20_000 })
  })

  test('leaves none of a text that grows either, where the terminal becomes half as wide beside a long draft [cli:chat live:text]', async () => {
    const chat = await openChat('essay')
    chat.enter('essay')
    // It grows, and who looks seldom may not see each of its sentences.
    await chat.shows(/number\s+(?:[3-9]\d|1[0-4]\d)\s+of/)
    chat.type('a long draft that goes on and on, '.repeat(6))
    await chat.shows('on, a long draft')
    for (const columns of [120, 60, 100, 80]) {
      chat.resize(columns, 24)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    await chat.shows(/number\s+150\s+of/, { timeoutMs: 60_000 })
    await chat.shows(/1 step ·/)
    const words = chat.all().replace(/\s+/g, ' ')
    for (const number of [1, 10, 30, 50, 150]) expect(words.match(new RegExp(`Sentence number ${number} of`, 'g'))).toHaveLength(1)
    expect(words.match(/you> a long draft/g)).toHaveLength(1)
  })

  test('completes by Tab, searches what was entered by Ctrl-R, and changes agents [cli:chat]', async () => {
    const chat = await openChat('tabs')
    chat.type(`/chec${keys.tab}`)
    await chat.shows(/you> \/checkpoints/)
    chat.type(keys.enter)
    await chat.shows('There is no checkpoint yet')
    chat.enter('/save early')
    await chat.shows(/as checkpoint early/)
    chat.type(`/load e${keys.tab}`)
    await chat.shows('you> /load early')
    chat.type(keys.ctrl('c'))
    chat.type(`/history h${keys.tab}`)
    await chat.shows('you> /history human')
    chat.type(`${keys.ctrl('c')}${keys.ctrl('r')}save`)
    await chat.shows('search save: /save early')
    chat.type(keys.ctrl('g'))
    chat.enter('/new tabs-too')
    await chat.shows('tabs-too is new')
    chat.enter('hello')
    await chat.shows('tabs-too> you said: hello')
    await chat.shows(/1 step ·/)
    chat.type(`/agents tabs-${keys.tab}`)
    await chat.shows('you> /agents tabs-too')
    chat.type(keys.ctrl('c'))
    chat.enter('/agents tabs')
    await chat.shows('tabs lives since')
    // What stood below the prompt was of the other one.
    await chat.shows(/you>$/)
    chat.enter('/help timer')
    await chat.shows('/timer every 1d at 08:00 TEXT')
    chat.enter('/quit')
    expect(await chat.exited).toBe(0)
  })

  test('opens an editor for a block, and for a message [cli:chat]', async () => {
    const editor = join(home, 'editor.sh')
    writeFileSync(editor, '#!/bin/sh\nprintf \'written\\nelsewhere\\n\' > "$1"\n')
    chmodSync(editor, 0o700)
    const chat = await openChat('edited', { env: { EDITOR: editor } })
    chat.enter('/edit human')
    await chat.shows('Block human is at version')
    chat.enter('/memory')
    await chat.shows(/human[^]*written\n {4}elsewhere/)
    chat.enter('/editor')
    await chat.shows(/you> written\n {5}elsewhere/)
    chat.type(keys.enter)
    await chat.shows(/you said: written\s+elsewhere/)
    chat.type(`x${keys.ctrl('x')}${keys.ctrl('e')}`)
    await chat.shows(/you> written\n {5}elsewhere\n/)
  })

  test('writes over nothing that the agent has written into the block meanwhile: it is shown, and the text stays in a file [cli:chat core:history]', async () => {
    const editor = join(home, 'late.sh')
    writeFileSync(editor, `#!/bin/sh\necho 'the editor is open'\nwhile ! [ -e "${home}/close-late" ]; do sleep 0.1; done\necho 'my own text' > "$1"\n`)
    chmodSync(editor, 0o700)
    const chat = await openChat('conflict', { env: { EDITOR: editor } })
    chat.enter('/edit human')
    await chat.shows('the editor is open')
    await runPerdure(home, ['chat', '--agent', 'conflict'], { env: env(), input: 'notes of the agent' })
    writeFileSync(join(home, 'close-late'), '')
    await chat.shows('[block-conflict]')
    expect(chat.all()).toMatch(/While you edited, this was written:\nversion 3 {2}by conflict[^]*notes of the agent 1[^]*What you wrote is in/)
    const [, file = ''] = /What you wrote is in\s+(\S+(?:\n\S+)?)\n/.exec(chat.all()) ?? []
    expect(readFileSync(file.replaceAll('\n', ''), 'utf8')).toBe('my own text')
    chat.enter('/memory')
    await chat.shows(/human[^]*notes of the agent 2/)
  })

  test('shows what the agent does while an editor is open as soon as the editor is closed, and nothing of it in the editor [cli:chat]', async () => {
    const editor = join(home, 'waits.sh')
    writeFileSync(editor, `#!/bin/sh\necho 'the editor is open'\nwhile ! [ -e "${home}/close" ]; do sleep 0.1; done\necho 'the editor is closed'\necho later > "$1"\n`)
    chmodSync(editor, 0o700)
    const chat = await openChat('meanwhile', { env: { EDITOR: editor } })
    endpoint.hold()
    chat.enter('work')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    chat.enter('/edit human')
    await chat.shows('the editor is open')
    endpoint.release()
    await answered('meanwhile', 'you said: work')
    writeFileSync(join(home, 'close'), '')
    await chat.shows('meanwhile> you said: work')
    await chat.shows('Block human is at version')
    expect(chat.all()).toMatch(/the editor is open\nthe editor is closed\n[^]*meanwhile> you said: work/)
  })

  test('keeps what was written in an editor where the block has no room for it, and names the file [cli:chat]', async () => {
    const editor = join(home, 'long.sh')
    writeFileSync(editor, `#!/bin/sh\necho '${'x'.repeat(3_000)}' > "$1"\n`)
    chmodSync(editor, 0o700)
    const chat = await openChat('too-long', { env: { EDITOR: editor } })
    chat.enter('/edit human')
    await chat.shows('block-too-large')
    const [, file = ''] = /What you wrote is in\s+(\S+(?:\n\S+)?)\n/.exec(chat.screen()) ?? []
    expect(readFileSync(file.replaceAll('\n', ''), 'utf8')).toBe('x'.repeat(3_000))
    chat.enter('/memory')
    await chat.shows(/human +\S+ 0 of/)
  })

  test('writes plain text to a terminal that can do no more, and no colours where none are wanted [cli:chat]', async () => {
    const dumb = await openChat('plain', { env: { TERM: 'dumb' } })
    // What is typed before the prompt is there stands above it: such a terminal shows each key at once.
    await dumb.shows(/^you>$/m)
    dumb.enter('page')
    // The prompt behind the answer: what is typed just before it comes, and read just after, stands above it too.
    await dumb.shows(/open {3}--door[^]*\nyou>$/)
    dumb.type('one\rtwo\r')
    await dumb.shows('you said: two')
    expect(dumb.all()).toMatch(/^you> two$/m)
    expect(dumb.all()).not.toMatch(/you> you>/)
    endpoint.hold()
    dumb.enter('a long one')
    await vi.waitFor(() => expect(endpoint.waiting()).toBe(1), { timeout: 20_000 })
    dumb.type(keys.ctrl('c'))
    await dumb.shows('cancelling the turn')
    await dumb.shows(/cancelled[^]*\nyou>$/)
    endpoint.release()
    dumb.enter('still here')
    await dumb.shows('you said: still here')
    // A second one within three seconds of the cancel would leave, where nothing else is at work.
    await new Promise((resolve) => setTimeout(resolve, 3_100))
    dumb.type(`never sent${keys.ctrl('c')}`)
    await dumb.shows('Ctrl-C again leaves; the agent lives on')
    dumb.type(keys.ctrl('c'))
    expect(await dumb.exited).toBe(0)
    expect(dumb.written()).not.toContain('\u001b')
    const grey = await openChat('plain', { env: { NO_COLOR: '1' } })
    grey.enter('page')
    await grey.shows('**key**')
     
    expect(grey.written()).not.toMatch(/\u001b\[[\d;]*m/)
  })
})
