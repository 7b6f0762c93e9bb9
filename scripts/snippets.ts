/**
 * Copies regions of the example files into the documents that show them, so that what is shown is what is checked and run. A test
 * holds that nothing differs.
 *
 *   npx tsx scripts/snippets.ts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every document, by its path from the root. */
export function documents(): string[] {
  const inRoot = readdirSync(root).filter((name) => name.endsWith('.md'))
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  return [...inRoot, ...inDocs.map((name) => `docs/${name}`), 'clients/typescript/README.md']
}

export const readDocument = (path: string): string => readFileSync(join(root, path), 'utf8')

const shown = /<!-- from (?<file>\S+)#(?<region>\S+) -->\n```ts\n[^]*?```/g

/** How many regions a document shows. */
export const snippetsIn = (markdown: string): number => Array.from(markdown.matchAll(shown)).length

/**
 * The document with its snippets as the example files have them.
 * @throws Error for a region that is not there
 */
export function withSnippets(markdown: string): string {
  return markdown.replace(shown, (...match) => {
    const { file, region } = match.at(-1) as { readonly file: string; readonly region: string }
    return `<!-- from ${file}#${region} -->\n\`\`\`ts\n${regionOf(readFileSync(join(root, file), 'utf8'), region, file)}\n\`\`\``
  })
}

function regionOf(source: string, region: string, file: string): string {
  const [, after] = source.split(`// #region ${region}\n`)
  const text = after?.split('// #endregion')[0]
  if (text === undefined) throw new Error(`${file} has no region ${region}; write one between "// #region ${region}" and "// #endregion"`)
  return text.trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of documents()) {
    const before = readDocument(path)
    const after = withSnippets(before)
    if (after !== before) writeFileSync(join(root, path), after)
  }
}
