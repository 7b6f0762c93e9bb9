import { describe, expect, test } from 'vitest'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { parseLine, readEntry } from '../../src/cli/chat/parse-line.ts'
import { findSlashCommand, helpText, slashCommands } from '../../src/cli/slash/commands.ts'

const required = ['exit', 'quit', 'edit', 'new', 'editor', 'clear', 'save', 'load', 'dump', 'memory', 'pop', 'heartbeat', 'memorywarning', 'help', 'checkpoints', 'state', 'search', 'archival', 'history', 'undo', 'thoughts', 'cancel', 'resume', 'agents', 'login', 'timer', 'waiting', 'approve', 'refuse', 'model', 'set']

function messageFor(name: string): string {
  const found = findSlashCommand(name)
  return 'unknown' in found ? found.unknown.message : ''
}

describe('a line of a chat', () => {
  test.each([
    ['', { type: 'nothing' }],
    ['   ', { type: 'nothing' }],
    ['  hello  ', { type: 'message', text: 'hello' }],
    ['/save', { type: 'command', name: 'save', argument: '' }],
    ['/Search  red  boots ', { type: 'command', name: 'search', argument: 'red  boots' }],
    ['//etc is a folder', { type: 'message', text: '/etc is a folder' }],
    ['/', { type: 'command', name: '', argument: '' }],
    ['what is /help?', { type: 'message', text: 'what is /help?' }],
  ])('%j is read as what it says', (line, expected) => {
    expect(parseLine(line)).toEqual(expected)
  })
})

test('what was pasted is text, however it begins [cli:chat]', () => {
  expect(readEntry({ text: '/exit\nnow', pasted: true })).toEqual({ type: 'message', text: '/exit\nnow' })
  expect(readEntry({ text: '/exit', pasted: false })).toEqual({ type: 'command', name: 'exit', argument: '' })
})

describe('commands of the chat', () => {
  test('all are there, and the help names each [cli:chat]', () => {
    const names = slashCommands.map(({ name }) => name)
    expect([...names].sort()).toEqual([...required].sort())
    for (const name of required) expect(helpText()).toMatch(new RegExp(`^/${name}\\b`, 'm'))
  })

  test('each has one line of the help, and all of them fit a terminal of 80 columns [cli:chat]', () => {
    expect(helpText().split('\n').filter((line) => line.length >= 80)).toEqual([])
  })

  test.each([
    ['memroy', 'memory'],
    ['hepl', 'help'],
    ['checkpoint', 'checkpoints'],
    ['mem', 'memory'],
  ])('for /%s asks whether /%s was meant', (typed, meant) => {
    expect(messageFor(typed)).toContain(`did you mean /${meant}?`)
  })

  test.each(['Not A Name', 'ÄB', '.x', 'x'.repeat(65)])('/new %s is refused before one leaves the agent that is there [cli:chat]', async (name) => {
    const found = findSlashCommand('new')
    const chat = { agentId: 'sam', connection: { client: { get: () => Promise.resolve(undefined) } }, leaving: undefined } as unknown as Chat
    const run = async () => ('unknown' in found ? undefined : found.run(chat, name))
    await expect(run()).rejects.toThrow('is not usable')
    expect(chat.leaving).toBeUndefined()
    if (!('unknown' in found)) await found.run(chat, 'nora')
    expect(chat.leaving).toEqual({ to: 'nora', anew: true })
  })

  test('for a word like none of them points to the help', () => {
    expect(messageFor('xyzzy')).toContain('/help shows the commands')
  })
})
