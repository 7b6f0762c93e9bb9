import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { basename, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { composed } from '../../protocol/well-formed.ts'
import { isIgnored, rulesBelow, rulesFor, type IgnoreRules } from './git-ignore.ts'

/** A file to load, by the name under which it will be known. */
export interface FoundFile {
  readonly path: string
  readonly name: string
  /** Lies in a folder that was named, and was not named itself: nobody has said that it holds a text. */
  readonly within: boolean
}

/** What lies in a folder and is not loaded, and why. Files that were meant to be left out are not named. */
export interface LeftOut {
  readonly name: string
  readonly code: string
  readonly detail: string
}

/** By extension: nothing here reads them, and in a folder they are no mistake. */
const otherFiles = /\.(?:png|jpe?g|gif|webp|ico|bmp|tiff?|heic|mp[34]|m4[av]|wav|flac|ogg|mov|avi|mkv|webm|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|o|a|so|dll|exe|dylib|wasm|bin|woff2?|ttf|otf|eot|db|sqlite|parquet|pyc|lock)$/i

/**
 * The files that paths name: a file is itself, a folder all that is in it but what `.gitignore` files and habit leave out. A name is the path as
 * it was given; what is given from above this folder, or by its absolute path, has its absolute path as its name, so that files of one name in
 * two folders stay two documents. Names are composed (NFC), however the file system writes them.
 * @throws PerdureError `file-unreadable` for a path that is not there, or a folder without a file to read
 */
export function findFiles(paths: readonly string[], onLeftOut: (file: LeftOut) => void = () => undefined): FoundFile[] {
  const found = paths.flatMap((path) => {
    const name = nameOf(path)
    if (kindOf(path) === 'file') return [{ path: resolve(path), name: documentName(name), within: false }]
    const root = resolve(path)
    const look: Look = { root, name, real: realpathSync(root), onLeftOut }
    const files = filesIn(root, rulesFor(root), look)
    if (files.length === 0) throw new PerdureError('file-unreadable', `${path} holds no file that can be loaded: PDF, DOCX, PPTX, XLSX, ODT, EPUB, FB2, RTF, HTML, Markdown, CSV, mail, notebooks, JSON, YAML, subtitles, calendars, address cards, source code and text are`)
    return files.map((file) => ({ path: file, name: nameIn(look, file), within: true }))
  })
  const named = new Set(found.filter(({ within }) => !within).map(({ path }) => path))
  return [...new Map(found.map((file) => [file.path, { ...file, within: !named.has(file.path) }])).values()]
}

/** The name under which a path is loaded. */
export const nameOfPath = (path: string): string => documentName(nameOf(path))

/** `.` is the folder's own name, as it would be from the folder above. */
function nameOf(path: string): string {
  const plain = normalize(path)
  if (isAbsolute(plain) || plain.split(sep)[0] === '..') return resolve(path)
  return plain === '.' || plain === `.${sep}` ? basename(resolve(path)) : plain.replace(/[/\\]$/, '')
}

const documentName = (path: string): string => composed(path.split(sep).join('/'))
const nameIn = ({ root, name }: Look, path: string): string => documentName(join(name, relative(root, path)))

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

interface Look {
  readonly root: string
  readonly name: string
  /** The root without links. */
  readonly real: string
  readonly onLeftOut: (file: LeftOut) => void
}

function filesIn(folder: string, rules: IgnoreRules, look: Look): string[] {
  return entriesOf(folder, look).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (isIgnored(path, entry.isDirectory(), rules)) return []
    if (entry.isDirectory()) return filesIn(path, rulesBelow(path, rules), look)
    if (otherFiles.test(entry.name)) return []
    if (entry.isFile()) return [path]
    if (entry.isSymbolicLink()) lookAtLink(path, look)
    return []
  })
}

function entriesOf(folder: string, look: Look): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (folder === look.root) throw new PerdureError('file-unreadable', `${folder} can't be read (${messageOf(error)})`, { cause: error })
    const name = nameIn(look, folder)
    look.onLeftOut({ name, code: 'file-unreadable', detail: `${name} can't be read (${messageOf(error)})` })
    return []
  }
}

/** What a link leads to within the folder is loaded where it lies. What lies outside was not named, and might be anything. */
function lookAtLink(path: string, look: Look): void {
  const name = nameIn(look, path)
  try {
    const target = realpathSync(path)
    if (target === look.real || target.startsWith(look.real + sep)) return
    look.onLeftOut({ name, code: 'file-unreadable', detail: `${name} is a link that leads out of the folder, to ${target}; name that to load it` })
  } catch {
    look.onLeftOut({ name, code: 'file-unreadable', detail: `${name} is a link that leads nowhere` })
  }
}
