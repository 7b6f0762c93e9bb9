import { composed } from '../../protocol/well-formed.ts'
import { nameOfPath } from './find-files.ts'

/** The documents that a name means. */
export interface Meant {
  readonly names: readonly string[]
  /** Where the name is that of a folder that they lie in. */
  readonly folder?: string
}

/**
 * What somebody means who gives a name to take documents out: the document of that name, else the one that has this path, else all that lie in the
 * folder of that name or path. A document of the name is alone meant, whatever lies in a folder of the same name, unless a `/` at the end says that
 * the folder is. Without names: none is meant.
 */
export function meantNames(given: string, known: ReadonlySet<string>): Meant {
  const name = composed(given)
  if (name.trim() === '') return { names: [] }
  const forms = [name, nameOfPath(name)]
  const document = (/[/\\]$/.test(name) ? [name] : forms).find((form) => known.has(form))
  if (document !== undefined) return { names: [document] }
  for (const form of forms) {
    const folder = form.replace(/\/+$/, '')
    const names = [...known].filter((one) => one.startsWith(`${folder}/`))
    if (names.length > 0) return { names, folder }
  }
  return { names: [] }
}
