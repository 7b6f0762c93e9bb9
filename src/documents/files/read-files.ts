import { readFile, stat } from 'node:fs/promises'
import type { DocumentFile } from '../../client/documents.ts'
import { sizeProblem } from '../../protocol/documents.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import type { FoundFile, LeftOut } from './find-files.ts'

/** Reads one file after the other, so that only one is in memory. A file that can't be read is reported, and left out. */
export async function* readFiles(files: readonly FoundFile[], onUnreadable: (file: LeftOut) => void): AsyncGenerator<DocumentFile> {
  for (const { path, name } of files) {
    try {
      const { size } = await stat(path)
      // Before it is read: a file of ten gigabytes is refused by its size. What an empty one means depends on what is loaded.
      const problem = size === 0 ? undefined : sizeProblem(name, size)
      if (problem !== undefined) throw problem
      yield { name, path, bytes: await readFile(path) }
    } catch (error) {
      if (PerdureError.isInstance(error)) onUnreadable({ name, code: error.code, detail: error.message })
      else onUnreadable({ name, code: 'file-unreadable', detail: `${name} can't be read (${messageOf(error)})` })
    }
  }
}
