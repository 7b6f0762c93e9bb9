import { readFile, stat } from 'node:fs/promises'
import type { DocumentFile } from '../../client/documents.ts'
import { sizeProblem } from '../../protocol/documents.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import type { FoundFile } from './find-files.ts'

export interface Unreadable {
  readonly name: string
  readonly code: string
  readonly detail: string
}

/** One file after the other, so that no more than one is in memory. One that can't be read is told, and left out. */
export async function* readFiles(files: readonly FoundFile[], onUnreadable: (file: Unreadable) => void): AsyncGenerator<DocumentFile> {
  for (const { path, name } of files) {
    try {
      const { size } = await stat(path)
      // Before it is read: a file of ten gigabytes is refused by its size.
      const problem = sizeProblem(name, size)
      if (problem !== undefined) throw problem
      yield { name, bytes: await readFile(path) }
    } catch (error) {
      if (PerdureError.isInstance(error)) onUnreadable({ name, code: error.code, detail: error.message })
      else onUnreadable({ name, code: 'file-unreadable', detail: `${name} can't be read (${messageOf(error)})` })
    }
  }
}
