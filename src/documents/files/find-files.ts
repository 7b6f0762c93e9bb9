import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import createIgnore, { type Ignore } from 'ignore'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

/** A file to load, by the name under which it will be known. */
export interface FoundFile {
  readonly path: string
  readonly name: string
}

/** Folders that hold nothing of their owner's writing. */
const alwaysIgnored = ['.git/', 'node_modules/', '.hg/', '.svn/', '__pycache__/', '.venv/', '.DS_Store']
/** By extension: nothing here reads them, and in a folder they are no mistake. */
const otherFiles = /\.(?:png|jpe?g|gif|webp|ico|bmp|tiff?|mp[34]|m4[av]|wav|ogg|mov|avi|webm|zip|gz|tgz|bz2|xz|7z|rar|jar|war|class|o|a|so|dll|exe|dylib|wasm|bin|woff2?|ttf|otf|eot|db|sqlite|pyc|lock)$/i

/**
 * The files that paths name: a file is itself, a folder all that is in it but what `.gitignore` files and habit leave out.
 * Names are as given; those of a folder's files begin with the folder's name.
 * @throws PerdureError `file-unreadable` for a path that is not there, or a folder without a file to read
 */
export function findFiles(paths: readonly string[]): FoundFile[] {
  const found = paths.flatMap((path) => {
    const kind = kindOf(path)
    if (kind === 'file') return [{ path: resolve(path), name: path.startsWith('/') || path.startsWith('..') ? basename(path) : path.replace(/^\.\//, '') }]
    const root = resolve(path)
    const files = filesIn(root, [ignoreOf(root, alwaysIgnored)])
    if (files.length === 0) throw new PerdureError('file-unreadable', `${path} holds no file that can be loaded: PDF, DOCX, HTML, Markdown, CSV, source code and text are`)
    return files.map((file) => ({ path: file, name: join(basename(root), relative(root, file)).split(sep).join('/') }))
  })
  return [...new Map(found.map((file) => [file.path, file])).values()]
}

function kindOf(path: string): 'file' | 'folder' {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) return 'folder'
    if (stats.isFile()) return 'file'
  } catch (error) {
    throw new PerdureError('file-unreadable', `${path} can't be read (${messageOf(error)})`, { cause: error })
  }
  throw new PerdureError('file-unreadable', `${path} is neither a file nor a folder`)
}

interface Rules {
  readonly folder: string
  readonly rules: Ignore
}

function ignoreOf(folder: string, patterns: readonly string[] = []): Rules {
  const file = join(folder, '.gitignore')
  const own = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return { folder, rules: createIgnore().add([...patterns]).add(own) }
}

function filesIn(folder: string, above: readonly Rules[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (isIgnored(path, entry, above)) return []
      if (entry.isDirectory()) return filesIn(path, [...above, ignoreOf(path)])
      return entry.isFile() && !otherFiles.test(entry.name) ? [path] : []
    })
}

const isIgnored = (path: string, entry: Dirent, above: readonly Rules[]): boolean =>
  above.some(({ folder, rules }) => rules.ignores(relative(folder, path).split(sep).join('/') + (entry.isDirectory() ? '/' : '')))
