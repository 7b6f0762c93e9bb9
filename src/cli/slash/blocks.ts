import { beginning, counted, indented, shortTime } from '../output/text.ts'
import { required, type SlashCommand } from './command.ts'

const shownVersions = 20

export const history: SlashCommand = {
  name: 'history',
  argument: 'BLOCK',
  summary: 'every version of a block of core memory, newest first',
  anytime: true,
  run: async ({ agentId, connection: { client }, console: { palette } }, argument) => {
    const label = required(argument, history, 'the name of the block')
    const versions = await client.blockHistory(agentId, label, shownVersions)
    if (versions.length === 0) return `Block ${label} was never written; it has its first value.`
    return versions
      .map(({ version, author, turn, at, value }) => {
        const when = turn === 0 ? shortTime(at) : `turn ${turn}, ${shortTime(at)}`
        const head = `version ${version}  by ${author}, ${when}, ${counted(value.length, 'character')}`
        return `${palette.dim(head)}\n${indented(value === '' ? '(empty)' : beginning(value, { lines: 8, characters: 600 }), 4)}`
      })
      .join('\n')
  },
}

export const undo: SlashCommand = {
  name: 'undo',
  argument: 'BLOCK',
  summary: 'gives a block the value before its last change; that can be undone in turn',
  run: async ({ agentId, connection: { client } }, argument) => {
    const label = required(argument, undo, 'the name of the block')
    const { version, value } = await client.undoBlock(agentId, label)
    return `Block ${label} is at version ${version} now; the agent sees it at its next step:\n${indented(value === '' ? '(empty)' : beginning(value, { lines: 20, characters: 2_000 }), 4)}`
  },
}
