/**
 * Makes the package `perdure-client` out of what is built: the entry `perdure` with all that it imports and nothing else. So a program that only
 * talks to agents gets neither the worker nor the command line. Its package.json is made of the project's own.
 *
 *   npm run build && npx tsx scripts/client-package.ts [folder, else dist-client]
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist')

/** A program installs the drivers of the stores that it uses, and what asks an endpoint for embeddings where it needs them. */
const drivers = ['@qdrant/js-client-rest', 'libsql', 'mongodb', 'openai', 'undici']

const readme = `# perdure-client

The client of [Perdure](https://www.npmjs.com/package/perdure)'s agents, without the worker and the command line. It exports what \`perdure\` exports.

\`\`\`sh
npm install perdure-client mongodb @qdrant/js-client-rest    # memory in MongoDB and Qdrant
npm install perdure-client libsql                            # memory in one file
npm install openai undici                                    # also, to search and change archival memory by an endpoint's embeddings
\`\`\`
`

interface Manifest {
  readonly version: string
  readonly license: string
  readonly keywords: readonly string[]
  readonly repository?: unknown
  readonly engines: unknown
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** A file that runs in a thread is imported by none. */
const threadStarted = /startThread\(\{ beside: import\.meta\.url, file: '([\w-]+)'/g

/** What a built entry needs, for running or for its types: files of ours, and packages. */
export function closureOf(entry: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string) => {
    if (files.has(file)) return
    files.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, name = ''] of text.matchAll(threadStarted)) visit(resolve(dirname(file), `${name}.js`))
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (fileName.startsWith('.')) visit(resolve(dirname(file), fileName.replace(/\.ts$/, '.d.ts')))
      else if (!fileName.startsWith('node:')) packages.add(packageOf(fileName))
    }
  }
  visit(entry)
  return { files, packages }
}

const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')

/** The package in that folder, which is emptied first. */
export function makeClientPackage(folder: string): void {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const [code, types] = [closureOf(join(built, 'index.js')), closureOf(join(built, 'index.d.ts'))]
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const file of [...code.files, ...Array.from(code.files, (file) => `${file}.map`), ...types.files]) cpSync(file, join(folder, 'dist', relative(built, file)))
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'README.md'), readme)
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(own, new Set([...code.packages, ...types.packages])), null, 2)}\n`)
}

function manifestOf(own: Manifest, packages: ReadonlySet<string>) {
  const { version, license, keywords, repository, engines } = own
  const ranges = { ...own.dependencies, ...own.peerDependencies }
  const rangesOf = (chosen: (name: string) => boolean) => Object.fromEntries([...packages].toSorted().filter(chosen).map((name) => [name, ranges[name]]))
  const isPeer = (name: string) => name in own.peerDependencies || drivers.includes(name)
  return {
    name: 'perdure-client',
    version,
    description: "The client of Perdure's agents alone, without the worker and the command line",
    keywords,
    license,
    ...(repository !== undefined && { repository }),
    type: 'module',
    engines,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    files: ['dist'],
    dependencies: rangesOf((name) => !isPeer(name)),
    peerDependencies: rangesOf(isPeer),
    peerDependenciesMeta: Object.fromEntries(drivers.map((name) => [name, { optional: true }])),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist-client'))
  makeClientPackage(folder)
  console.log(`perdure-client is in ${folder}`)
}
