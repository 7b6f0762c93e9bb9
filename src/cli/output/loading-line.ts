import type { LoadProgress } from '../../client/documents.ts'
import { bar } from './bar.ts'
import { printable } from './printable.ts'
import { counted } from './text.ts'

/** The end of a long path, which tells most. */
const nameCharacters = 32
const shortName = (name: string): string => printable(name.length <= nameCharacters ? name : `…${name.slice(1 - nameCharacters)}`)

/** The progress of a load in one line. The bar counts the files that are done, and the stored part of a large document. */
export function loadingLine({ given, left, workflow }: LoadProgress, files: number): string {
  if (left === undefined) return `giving over ${given} of ${counted(files, 'file')}`
  const { current, reading } = workflow ?? {}
  const done = files - left
  const part = current === undefined ? 0 : current.done / Math.max(1, current.chunks)
  const place = current === undefined ? (reading === undefined ? '' : ` · reads ${shortName(reading)}`) : ` · ${shortName(current.name)}: ${current.done} of ${counted(current.chunks, 'passage')}`
  return `${bar(done + part, files)} ${done} of ${counted(files, 'document')}${place}`
}
