import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runPerdure, type Ran } from './run-perdure.ts'

describe('a piped chat on a real stack', () => {
  const home = mkdtempSync(join(tmpdir(), 'perdure-chat-'))
  const chat = (input: string, ...args: string[]): Promise<Ran> => runPerdure(home, ['chat', ...args], { input })

  beforeAll(async () => {
    const up = await runPerdure(home, ['stack', 'up'])
    expect(up.errors + up.output.join('\n')).toContain('The stack is up')
  })
  afterAll(() => runPerdure(home, ['stack', 'down']))

  test('answers line by line, the last one without a line break too, and lives on afterwards [cli:chat]', async () => {
    const first = await chat('Hello! My name is Ada.\r\n\n/save early\nWhat is my name?', '--agent', 'sam')
    expect(first.status).toBe(0)
    const replies = first.output.filter((line) => line.startsWith('sam> '))
    expect(replies).toHaveLength(2)
    expect(replies[1]).toContain('Ada')
    expect(first.errors).toContain('sam is new')
    expect(first.errors).toContain('A simulated model answers')
    expect(first.errors).toMatch(/Temporal UI {3}http:\/\/\S+\/namespaces\/default\/workflows\/agent%3Asam/)

    const second = await chat('/memory\n/checkpoints\n/exit\nnever read', '--agent', 'sam')
    expect(second.status).toBe(0)
    expect(second.errors).toMatch(/Welcome back: recall memory holds \d+ messages/)
    expect(second.errors).toContain('you> What is my name?')
    expect(second.output.join('\n')).toContain('    Name: Ada')
    expect(second.output.join('\n')).toMatch(/^early {2}\d{4}-/m)
    expect(second.output.join('\n')).not.toContain('sam>')
  })

  test('may have other settings than a command that does not use them, started in another folder; whoever changes the stack is told', { timeout: 180_000 }, async () => {
    const env = { PERDURE_HTTP_ADDRESS: '127.0.0.1:9', PERDURE_PRICES: 'gpt-x=1/0.5/2', OPENAI_API_KEY: 'hunter2' }
    await chat('Hello!', '--agent', 'ann')
    for (const args of [['agents'], ['blocks', 'ann'], ['archival', 'ann', 'list'], ['timers', 'ann'], ['budget', 'ann', '--tokens', '9000000']]) expect(await runPerdure(home, args, { env })).toMatchObject({ status: 0, errors: '' })
    const [up, searched] = await Promise.all([runPerdure(home, ['stack', 'up'], { env }), runPerdure(home, ['archival', 'ann', 'search', 'Lisbon'], { env })])
    expect(up).toMatchObject({ status: 2, errors: expect.stringContaining('address over HTTP') as string })
    expect(searched).toMatchObject({ status: 2, errors: expect.not.stringMatching(/address over HTTP|prices|hunter2/) as string })
  })

  test('a budget is set and taken away by the command that says so', async () => {
    await chat('Hello!', '--agent', 'eve')
    expect(await runPerdure(home, ['budget', 'eve', '--dollars', '5', '--tokens', '9000000', '--turn-dollars', '0.25'])).toMatchObject({ status: 0, output: ['life   $5.00, 9,000,000 tokens', expect.stringMatching(/^turn {3}\$0.25,/)] })
    expect(await runPerdure(home, ['budget', 'eve', '--dollars', 'none', '--tokens', 'none', '--turn-dollars', 'none'])).toMatchObject({ status: 0, output: ['life   any cost, any number of tokens', expect.stringMatching(/^turn {3}any cost,/)] })
    expect(await runPerdure(home, ['budget', 'eve', '--turn-tokens', 'none'])).toMatchObject({ status: 2, errors: expect.stringContaining('every turn has a budget of tokens') as string })
  })

  test('every command does what it says [cli:chat]', async () => {
    const persona = join(home, 'persona.txt')
    writeFileSync(persona, 'I am Kim, a pirate.\n')
    const told = ['I live in Lisbon.', '/save', 'I live in Porto now.', '/history human', '/undo human', '/pop', '/load']
    const shown = ['/dump', '/dump 2', '/search Porto', '/archival', '/archival lighthouse', '/state', '/heartbeat', '/memorywarning', '/login', '/cancel', '/resume', '/agents', '/thoughts on', '/help', 'Hi']
    const { status, output, errors } = await chat([...told, ...shown].join('\n'), '--agent', 'kim', '--persona', persona)
    const text = output.join('\n')
    expect(errors).not.toContain('perdure:')
    expect(status).toBe(0)
    expect(text).toContain('version 3  by ')
    expect(text).toContain('Block human is at version 4 now')
    expect(text).toMatch(/The last 2 of \d+ messages in recall memory/)
    expect(text).toMatch(/#\d+ \S+ \S+ you: I live in Porto now\./)
    expect(text).toMatch(/^(The best first:|Nothing in archival memory is about lighthouse)$/m)
    expect(text).toContain('status     idle')
    expect(text).toContain('No turn is running.')
    expect(text).toContain('The agent is not parked.')
    expect(text).toMatch(/^kim +\S+ +live /m)
    expect(text).toContain('Inner thoughts and tool calls are shown.')
    expect(text).toMatch(/^ {2}· /m)
    const blocks = await chat('/memory', '--agent', 'kim')
    expect(blocks.output.join('\n')).toContain('    I am Kim, a pirate.')
    expect(blocks.output.join('\n')).toContain('    Lives in Lisbon')
  })

  test('what fails is told, the rest goes on, and the exit status says so [cli:chat]', async () => {
    const { status, output, errors } = await chat(`/memroy\n/load nowhere\n${'x'.repeat(70_000)}\n//help is a word\n`, '--agent', 'sam')
    expect(status).toBe(1)
    expect(errors).toContain('did you mean /memory?')
    expect(errors).toContain('[checkpoint-unknown]')
    expect(errors).toContain('[message-too-large]')
    expect(output.filter((line) => line.startsWith('sam> '))).toHaveLength(1)
  })

  test('asks before a tool that is to be approved, shows all of it, and goes on as it is answered [turn:approval cli:chat]', { timeout: 180_000 }, async () => {
    const first = await chat('I live in Lisbon.', '--agent', 'mia', '--approve', 'core_memory_append')
    expect(first.status).toBe(1)
    expect(first.errors).toMatch(/^\? core_memory_append waits for your approval, until \d{4}-.*\n {4}label {4}human\n {4}content {2}Lives in Lisbon$/m)
    expect(first.output.filter((line) => line.startsWith('mia> '))).toEqual([])

    const second = await chat('I like chess.\n/approve {"content": ["Porto", "Faro"]}\n/approve {"content": "Lives in Porto"}\n/memory', '--agent', 'mia')
    expect(second.errors).toContain('core_memory_append waits for your approval')
    expect(second.errors).toContain('Your message is kept')
    expect(second.errors).toContain('[tool-arguments]')
    expect(second.output.filter((line) => line.startsWith('mia> '))).toHaveLength(1)
    expect(second.output.join('\n')).toContain('    Lives in Porto')

    const refused = await runPerdure(home, ['refuse', 'mia', '1', 'not', 'this', '--by', 'Grace'])
    expect(refused.output[0]).toMatch(/^core_memory_append \(mia\/\d+\/1\/0\) is refused; the turn goes on\.$/)
    const third = await chat('/waiting\n/approve\n/dump', '--agent', 'mia')
    expect(third.output).toContain('No call waits.')
    expect(third.errors).toContain('[call-unknown]')
    expect(third.output.join('\n')).toContain('refused by Grace: not this. It was not run.')
  })

  test('bad options are refused with what would be right, before anything is created [cli:chat]', async () => {
    const other = join(home, 'other.txt')
    writeFileSync(other, 'I am somebody else.')
    const [conflict, folder, name, number, unknown] = await Promise.all([
      chat('hi', '--agent', 'sam', '--persona', other),
      chat('hi', '--agent', 'lee', '--persona', home),
      chat('hi', '--agent', 'No Such Name'),
      chat('hi', '--agent', 'lee', '--context-window', 'many'),
      runPerdure(home, ['delete', 'nobody', '--yes']),
    ])
    expect([conflict.status, folder.status, name.status, number.status, unknown.status]).toEqual([2, 2, 2, 2, 3])
    expect(conflict.errors).toContain('leave out --persona')
    expect(folder.errors).toContain(`${home} is a folder`)
    expect(name.errors).toContain('1 to 64 of a-z')
    expect(number.errors).toContain('a number of tokens')
    expect(unknown.errors).toContain('[agent-unknown]')
    const { output } = await runPerdure(home, ['agents'])
    expect(output.join('\n')).not.toContain('lee')
  })

  test('a deleted agent is gone and its name is free [cli:chat]', async () => {
    await chat('I live in Rome.', '--agent', 'tim')
    const unsure = await runPerdure(home, ['delete', 'tim'])
    expect(unsure.status).toBe(2)
    expect(unsure.errors).toContain('perdure delete tim --yes')
    const deleted = await runPerdure(home, ['delete', 'tim', '--yes'])
    expect(deleted.status).toBe(0)
    expect(deleted.output[0]).toMatch(/^Deleted tim with \d+ messages/)
    const again = await chat('/memory', '--agent', 'tim')
    expect(again.errors).toContain('tim is new')
    expect(again.output.join('\n')).not.toContain('Rome')
  })
})
