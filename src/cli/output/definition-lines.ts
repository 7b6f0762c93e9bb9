import type { DefinitionDifference, DefinitionVersion } from '../../index.ts'
import { alignedColumns, widthsOf } from './columns.ts'
import { counted, oneLine, shortTime } from './text.ts'

const valueCharacters = 60

/** `model  scripted → another`, one field a line. */
export function differenceLines(differences: readonly DefinitionDifference[]): string[] {
  const rows = differences.map(({ field, before, after }) => [oneLine(field, valueCharacters), `${valueText(before)} → ${valueText(after)}`])
  return alignedColumns(rows, widthsOf(rows))
}

function valueText(value: unknown): string {
  if (value === undefined || value === '') return 'nothing'
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), valueCharacters)
}

/** What a change has come to. */
export function changeLines(agentId: string, { version, resumed }: { readonly version: number; readonly resumed: boolean }, differences: readonly DefinitionDifference[]): string[] {
  if (differences.length === 0) return [`${agentId} is so already: version ${version}.`]
  return [...differenceLines(differences), `${agentId} is at version ${version}, from its next step on${resumed ? '; it was parked, and tries again' : ''}.`]
}

export interface ListedVersion extends Pick<DefinitionVersion, 'version' | 'author' | 'turn' | 'at'> {
  /** The fields that it has changed in the one before it. */
  readonly changed: readonly string[]
}

/** Newest first. */
export function versionLines(versions: readonly ListedVersion[]): string[] {
  const rows = versions.map(({ version, author, turn, at, changed }) => {
    const what = version === 1 ? 'as it was created' : changed.length > 5 ? counted(changed.length, 'field') : changed.join(', ')
    return [String(version), shortTime(at), oneLine(author, 30), turn === 0 ? '' : `turn ${turn}`, oneLine(what, 80)]
  })
  return alignedColumns(rows, widthsOf(rows))
}
