import type { BlockVersion, BlockView } from '../../index.ts'
import { columns } from './columns.ts'
import type { Palette } from './palette.ts'
import { beginning, counted, indented, oneLine, shortTime } from './text.ts'

const descriptionCharacters = 60

/** One line for each block, and one that says what the columns are. */
export function blocksList(blocks: readonly BlockView[]): string[] {
  if (blocks.length === 0) return ['The agent has no block.']
  const rows = blocks.map(({ label, version, value, limit, readOnly, description }) => [
    oneLine(label, 60),
    String(version),
    `${value.length.toLocaleString('en-US')} of ${limit.toLocaleString('en-US')}`,
    readOnly ? 'read-only' : '',
    oneLine(description, descriptionCharacters),
  ])
  return columns([['BLOCK', 'VERSION', 'CHARACTERS', '', 'DESCRIPTION'], ...rows])
}

/** Who wrote it when, and what. Version 1 is what the block began with, which nobody wrote: it is stored when the first write comes. */
export function blockVersionText({ version, author, turn, at, value }: Pick<BlockVersion, 'version' | 'author' | 'turn' | 'at' | 'value'>, palette: Palette): string {
  const when = turn === 0 ? shortTime(at) : `turn ${turn}, ${shortTime(at)}`
  const whose = version === 1 ? 'as it began' : `by ${author}, ${when}`
  const head = `version ${version}  ${whose}, ${counted(value.length, 'character')}`
  return `${palette.dim(head)}\n${indented(value === '' ? '(empty)' : beginning(value, { lines: 8, characters: 600 }), 4)}`
}
