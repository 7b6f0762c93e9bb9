import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

/**
 * Imports run one way, so that each part can be read, tested and replaced without those above it. A room (a folder under `src`) stands
 * above all that it imports, and no files import each other in a circle, not even their types. The package's doors, which are the
 * files directly under `src`, put rooms together and may import any of them.
 *
 *   npm run layers
 */
interface Layer {
  /** Folders under `src` that it may import, besides its own; `*.ts` means the files directly under `src`. */
  readonly from: readonly string[]
  /** Folders that it may name in `import type` only. */
  readonly typesFrom?: readonly string[]
  /** It imports no package, nor what is built into Node. */
  readonly noPackages?: true
}

/** From the ground up. */
export const layers: Readonly<Record<string, Layer>> = {
  protocol: { from: [] },
  http: { from: ['protocol'] },
  codec: { from: ['protocol', 'http'] },
  model: { from: ['protocol'] },
  words: { from: [] },
  threads: { from: ['protocol'] },
  stores: { from: ['protocol', 'words', 'threads'] },
  telemetry: { from: ['protocol'] },
  workflows: { from: ['protocol'], typesFrom: ['activities'] },
  parameters: { from: ['protocol'] },
  definition: { from: ['protocol', 'stores', 'parameters'] },
  recall: { from: ['protocol', 'words', 'stores'] },
  prompt: { from: ['protocol', 'model', 'stores'] },
  client: { from: ['protocol', 'stores', 'recall', 'parameters', 'definition', 'codec', 'prompt'] },
  config: { from: ['protocol', 'codec', 'model', 'stores'] },
  simulated: { from: ['protocol', 'model'] },
  tools: { from: ['protocol', 'words', 'model', 'stores', 'recall', 'parameters'] },
  documents: { from: ['protocol', 'threads', 'client'] },
  activities: { from: ['protocol', 'model', 'stores', 'definition', 'prompt', 'documents', 'tools'] },
  worker: { from: ['protocol', 'threads', 'codec', 'model', 'stores', 'recall', 'telemetry', 'client', 'config', 'simulated', 'tools', 'activities'] },
  stack: { from: ['protocol', 'threads', 'http', 'codec', 'model', 'stores', 'client', 'config', 'simulated', 'worker'] },
  operations: { from: ['protocol', 'codec', 'model', 'stores', 'recall', 'client', 'config', 'worker', 'stack', '*.ts'] },
  cli: { from: ['protocol', 'words', 'threads', 'codec', 'definition', 'client', 'config', 'documents', 'worker', 'stack', 'operations', 'server', '*.ts'] },
  server: { from: ['protocol', 'http', 'definition', 'client'] },
  // Apart from the house: what it is made of runs in a browser, and its types alone are those of the client in process.
  'clients/typescript': { from: [], typesFrom: ['*.ts', 'server'], noPackages: true },
  // The page: it speaks by that client alone. A view is a room that knows no other view; what lies directly under `page/src` puts them together.
  'page/parts': { from: ['clients/typescript'] },
  'page/shell': { from: ['clients/typescript', 'page/parts'] },
  'page/live': { from: ['clients/typescript', 'page/parts', 'page/shell'] },
  ...Object.fromEntries(['agents', 'chat', 'memory', 'definition', 'context', 'time', 'keys'].map((view) => [`page/${view}`, { from: ['clients/typescript', 'page/parts', 'page/shell', 'page/live'] }])),
}

const unrestricted = new Set(['*.ts', 'page/*.ts'])

export interface SourceFile {
  /** From the project's root, with `/`: `src/tools/search.ts`. */
  readonly file: string
  readonly imports: readonly SourceImport[]
}

export interface SourceImport {
  readonly specifier: string
  /** `import type`: gone after compilation. `import { type X }` is not: the compiler keeps its module. */
  readonly typeOnly: boolean
}

export interface Violation {
  readonly file: string
  readonly specifier: string
  /** The rule that it breaks, in words. */
  readonly rule: string
}

export function findViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ file, imports }) =>
    imports.flatMap(({ specifier, typeOnly }) => {
      const rule = brokenRule(file, specifier, typeOnly)
      return rule === undefined ? [] : [{ file, specifier, rule }]
    }),
  )
}

function brokenRule(file: string, specifier: string, typeOnly: boolean): string | undefined {
  const importer = folderOf(file)
  if (!specifier.startsWith('.')) return importer !== undefined && layers[importer]?.noPackages === true ? `${importer} imports no package` : undefined
  const target = targetOf(file, specifier)
  if (importer === undefined) return undefined
  const imported = folderOf(target)
  if (imported === undefined) return `nothing under ${file.split('/')[0] ?? ''} imports from outside it (${target})`
  if (imported === importer || unrestricted.has(importer)) return undefined

  const layer = layers[importer]
  if (!layer) return `${shown(importer)} is no layer: give it a rule in scripts/layers.ts`
  if (layer.from.includes(imported)) return undefined
  if (layer.typesFrom?.includes(imported) === true) {
    return typeOnly ? undefined : `${shown(importer)} may import ${shown(imported)} by "import type" only`
  }
  return `${shown(importer)} may import ${layer.from.length > 0 ? layer.from.map(shown).join(', ') : 'nothing of ours'}; not ${shown(imported)}`
}

const shown = (folder: string): string => (/^(clients|page)\//.test(folder) ? folder.replace(/^page\//, 'page/src/') : `src/${folder}`)

const targetOf = (file: string, specifier: string): string => normalize(join(dirname(file), specifier)).split(sep).join('/')

/** `tools` for `src/tools/search.ts`, `*.ts` for `src/worker.ts`, `clients/typescript` for what is there, `page/chat` for `page/src/chat/…`, undefined for what is elsewhere. */
function folderOf(file: string): string | undefined {
  const [root, folder, ...rest] = file.split('/')
  if (root === 'clients' && folder !== undefined) return `${root}/${folder}`
  if (root === 'page' && folder === 'src') return rest.length > 1 ? `page/${rest[0] ?? ''}` : 'page/*.ts'
  if (root !== 'src' || folder === undefined) return undefined
  return rest.length > 0 ? folder : '*.ts'
}

/** Imports, re-exports, `import()` expressions and `import('…')` types of a file. */
export function importsOf(source: string): SourceImport[] {
  const found: SourceImport[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest))
  return found
}

/** Where circles are looked for. */
export const folders = ['src', 'clients', 'page', 'eval', 'bench', 'scripts', 'test'] as const

/** Every TypeScript file under that folder of the project at `root`. */
export function readSources(root: string, folder: (typeof folders)[number] = 'src'): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => ({ file: `${folder}/${name.split(sep).join('/')}`, imports: importsOf(readFileSync(join(root, folder, name), 'utf8')) }))
}

/** Files that import each other, each circle once, by any of its files. */
export function findCircles(files: readonly SourceFile[]): string[][] {
  const imported = new Map(
    files.map(({ file, imports }) => [file, imports.filter(({ specifier }) => specifier.startsWith('.')).map(({ specifier }) => targetOf(file, specifier))]),
  )
  const circles: string[][] = []
  const left = new Set<string>()
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) circles.push([...path.slice(start), file])
    if (start >= 0 || left.has(file)) return
    for (const target of imported.get(file) ?? []) walk(target, [...path, file])
    left.add(file)
  }
  for (const { file } of files) walk(file, [])
  return circles
}

export const describeCircle = (circle: readonly string[]): string => `a circle: ${circle.join(' → ')}`

export const describeViolation = ({ file, specifier, rule }: Violation): string => `${file} imports ${specifier}: ${rule}`

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..')

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const files = [...readSources(projectRoot), ...readSources(projectRoot, 'clients'), ...readSources(projectRoot, 'page')]
  const broken = [...findViolations(files).map(describeViolation), ...findCircles(folders.flatMap((folder) => readSources(projectRoot, folder))).map(describeCircle)]
  for (const line of broken) console.error(line)
  console.log(broken.length === 0 ? `layers: ${files.length} files hold to the rules` : `layers: ${broken.length} rules are broken`)
  exit(broken.length === 0 ? 0 : 1)
}
