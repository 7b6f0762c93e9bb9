/**
 * Makes the package `perdure-http` out of `clients/typescript`: its sources as JavaScript that runs wherever there is `fetch`, and one file of
 * declarations, whose types are those of the client in process. It has no dependencies.
 *
 *   npx tsx scripts/http-client-package.ts [folder, else dist-http-client]
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { flatDeclarations } from './flat-declarations.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const place = join(root, 'clients', 'typescript')
const sources = join(place, 'src')

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  sourceMap: true,
  inlineSources: true,
}

/** The package in that folder, which is emptied first. */
export function makeHttpClientPackage(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))) {
    const { outputText, sourceMapText = '' } = ts.transpileModule(readFileSync(join(sources, name), 'utf8'), { fileName: name.split('/').at(-1) ?? name, compilerOptions })
    const file = join(folder, 'dist', name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, outputText)
    writeFileSync(`${file}.map`, sourceMapText)
  }
  writeFileSync(join(folder, 'dist', 'index.d.ts'), flatDeclarations(root, join(sources, 'index.ts')))
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  cpSync(join(place, 'README.md'), join(folder, 'README.md'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
}

interface Manifest {
  readonly version: string
  readonly license: string
  readonly keywords: readonly string[]
  readonly repository?: unknown
}

function manifest() {
  const { version, keywords, license, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  return {
    name: 'perdure-http',
    version,
    description: "The client of Perdure's agents over HTTP, for Node, browsers, Deno and Bun",
    keywords,
    license,
    ...(repository !== undefined && { repository: repository as object }),
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    files: ['dist'],
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist-http-client'))
  makeHttpClientPackage(folder)
  console.log(`perdure-http is in ${folder}`)
}
