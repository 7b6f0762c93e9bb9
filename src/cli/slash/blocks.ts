import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blockOf } from '../../client/write-block.ts'
import type { Chat } from '../chat/chat.ts'
import { personHere } from '../input/person.ts'
import { blockVersionText } from '../output/block-lines.ts'
import { beginning, indented } from '../output/text.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
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
    return versions.map((version) => blockVersionText(version, palette)).join('\n')
  },
}

export const undo: SlashCommand = {
  name: 'undo',
  argument: 'BLOCK',
  summary: 'gives a block the value before its last change',
  details: 'That is a new version, and can be undone in turn.',
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
  summary: 'opens a block of core memory in your editor',
  details: 'The editor is the one that VISUAL or EDITOR names, else vi. What you save is the next version of the block, unless somebody else has written it meanwhile: then that is shown, and your text stays in a file.',
  words: blockLabels,
  run: async (chat, argument) => {
    const { agentId, connection: { client }, console } = chat
    const label = required(argument, edit, 'the name of the block')
    const block = blockOf(agentId, await client.blocks(agentId), label)
    const value = await console.edit(block.value)
    if (value === undefined) throw invalidArgument('/edit needs a terminal')
    if (value === block.value) return `Block ${label} is unchanged.`
    return keptUnlessUsed(chat, label, value, async () => {
      const { version } = await client.editBlock(agentId, label, value, { author: personHere(), ifVersion: block.version }).catch(async (error: unknown) => {
        if (PerdureError.isInstance(error) && error.code === 'block-conflict') await showWrittenSince(chat, label, block.version)
        throw error
      })
      return `Block ${label} is at version ${version} now; the agent sees it at its next step. /undo ${label} takes it back.`
    })
  },
}

async function showWrittenSince({ agentId, connection: { client }, console }: Chat, label: string, version: number): Promise<void> {
  const written = (await client.blockHistory(agentId, label, shownVersions)).filter((other) => other.version > Math.max(1, version))
  console.remark([console.palette.yellow('While you edited, this was written:'), ...written.map((other) => blockVersionText(other, console.palette))].join('\n'))
}

/** A person has written it: where it can't be used, it stays in a file. */
async function keptUnlessUsed<Result>({ agentId, refusedTexts, console }: Chat, label: string, text: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use()
  } catch (error) {
    mkdirSync(refusedTexts, { recursive: true, mode: 0o700 })
    const file = join(mkdtempSync(join(refusedTexts, `${encodeURIComponent(agentId)}-`)), `${encodeURIComponent(label)}.md`)
    writeFileSync(file, text, { mode: 0o600 })
    console.remark(console.palette.yellow(`What you wrote is in ${file}`))
    throw error
  }
}

/** Of the agent, for Tab. */
async function blockLabels({ agentId, connection: { client } }: Chat): Promise<readonly string[]> {
  return (await client.blocks(agentId)).map(({ label }) => label)
}
