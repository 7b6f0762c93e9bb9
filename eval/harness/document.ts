import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { EvalKind } from './kind.ts'

/** Puts a kind's tables and plot into a document, between `<!-- eval NAME -->` and `<!-- /eval -->`; the plot lies beside it. */
export async function writeIntoDocument(document: string, { name, title }: EvalKind, report: string, plot: string): Promise<void> {
  const text = await readFile(document, 'utf8')
  const [begin, end] = [`<!-- eval ${name} -->`, '<!-- /eval -->']
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0) throw new PerdureError('invalid-argument', `${document} has no place for ${name}: write ${begin} and ${end} into it`)
  const picture = join('evaluation', `${name}.svg`)
  await mkdir(join(dirname(document), 'evaluation'), { recursive: true })
  await writeFile(join(dirname(document), picture), plot)
  await writeFile(document, `${text.slice(0, from)}${begin}\n${report}\n\n![${title}](${picture})\n${text.slice(to)}`)
}
