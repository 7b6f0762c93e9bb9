import { describe, expect, test } from 'vitest'
import { commandGroups } from '../../src/cli/command-groups.ts'
import { createProgram } from '../../src/cli/program.ts'

const commandsOf = async (...args: readonly string[]): Promise<string[]> => (await createProgram(args)).commands.map((command) => command.name())
const all = commandGroups.flatMap(({ commands }) => commands)

describe('the command line', () => {
  test('has for a command that is named this one and those of its file, and all where none is named', async () => {
    for (const { commands } of commandGroups) for (const name of commands) expect(await commandsOf(name, 'agents'), name).toEqual(commands)
    for (const none of [[], ['--help'], ['help', 'agents'], ['agetns'], ['--tenant', 'agents']]) expect(await commandsOf(...none), none.join(' ')).toEqual(all)
  })

  test('offers an import what it heeds, and nothing of a chat', async () => {
    const [command] = (await createProgram(['import'])).commands
    expect(command?.options.map(({ long }) => long)).toEqual(['--agent', '--persona', '--human', '--model', '--context-window', '--approve'])
    expect(command?.helpInformation()).not.toContain('one that lives')
  })

  test('takes the value of --tenant for no command', async () => {
    expect(await commandsOf('--tenant', 'chat', 'agents')).toEqual(['agents', 'delete'])
    expect(await commandsOf('--tenant=chat', 'agents', '--json')).toEqual(['agents', 'delete'])
  })
})
