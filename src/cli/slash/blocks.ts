import type { Chat } from '../chat/chat.ts'
import { personHere } from '../input/person.ts'
import { beginning, counted, indented, shortTime } from '../output/text.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { required, type SlashCommand } from './command.ts'

const shownVersions = 20

export const history: SlashCommand = {
  name: 'history',
  argument: 'BLOCK',
  summary: 'every version of a block of core memory, newest first',
  words: blockLabels,
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
  words: blockLabels,
  run: async ({ agentId, connection: { client } }, argument) => {
    const label = required(argument, undo, 'the name of the block')
    const { version, value } = await client.undoBlock(agentId, label)
    return `Block ${label} is at version ${version} now; the agent sees it at its next step:\n${indented(value === '' ? '(empty)' : beginning(value, { lines: 20, characters: 2_000 }), 4)}`
  },
}

export const edit: SlashCommand = {
  name: 'edit',
  argument: 'BLOCK',
  summary: 'opens a block of core memory in your editor (VISUAL, EDITOR); saved, it is the next version',
  words: blockLabels,
  run: async ({ agentId, connection: { client }, console }, argument) => {
    const label = required(argument, edit, 'the name of the block')
    const blocks = await client.blocks(agentId)
    const block = blocks.find((candidate) => candidate.label === label)
    if (block === undefined) throw invalidArgument(`there is no block ${label}; there are ${blocks.map((known) => known.label).join(', ')}`)
    const value = await console.edit(block.value)
    if (value === undefined) throw invalidArgument('/edit needs a terminal')
    if (value === block.value) return `Block ${label} is unchanged.`
    const now = (await client.blocks(agentId)).find((candidate) => candidate.label === label)
    if (now !== undefined && now.version !== block.version) console.remark(console.palette.yellow(`Version ${now.version}, which was written while you edited, is in /history ${label}.`))
    const { version } = await client.editBlock(agentId, label, value, personHere())
    return `Block ${label} is at version ${version} now; the agent sees it at its next step. /undo ${label} takes it back.`
  },
}

/** Of the agent, for Tab. */
async function blockLabels({ agentId, connection: { client } }: Chat): Promise<readonly string[]> {
  return (await client.blocks(agentId)).map(({ label }) => label)
}
