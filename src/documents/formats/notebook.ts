import { z } from 'zod'
import { headingSeparator, type Part } from '../part.ts'
import { withoutTerminalSigns } from '../terminal-signs.ts'
import { codeParts, parserOf } from './code.ts'
import { htmlParts } from './html.ts'
import { markdownParts } from './markdown.ts'
import { textParts } from './text.ts'

const lines = z.union([z.string(), z.array(z.string().catch(''))]).transform((text) => (typeof text === 'string' ? text : text.join('')))
// A field that holds what it may not, as some programs write it (`"source": null`), costs itself alone.
const output = z.looseObject({ text: lines.optional().catch(undefined), data: z.record(z.string(), z.unknown()).optional().catch(undefined), ename: z.string().optional().catch(undefined), evalue: z.string().optional().catch(undefined) }).catch({})
const outputs = z.array(output).optional().catch(undefined)
const cell = z.looseObject({ cell_type: z.string().catch('raw'), source: lines.catch(''), outputs })
const notebook = z.looseObject({
  cells: z.array(cell).optional(),
  // The form before 2015.
  worksheets: z.array(z.looseObject({ cells: z.array(z.looseObject({ cell_type: z.string(), source: lines.optional().catch(undefined), input: lines.optional().catch(undefined), outputs })) })).optional(),
  metadata: z.looseObject({ language_info: z.looseObject({ name: z.string() }).optional().catch(undefined) }).optional().catch(undefined),
})
const extensions: Readonly<Record<string, string>> = { python: 'py', javascript: 'js', typescript: 'ts', rust: 'rs', java: 'java', 'c++': 'cpp', go: 'go', php: 'php' }

/** Cells in their order: text under its headings, code, and the text of what it put out. @throws Error for what is no notebook */
export function* notebookParts(text: string): Generator<Part> {
  const { cells = [], worksheets = [], metadata } = notebook.parse(JSON.parse(text))
  const parser = parserOf(extensions[metadata?.language_info?.name ?? 'python'] ?? '')
  const old = worksheets.flatMap((sheet) => sheet.cells).map(({ source, input, ...rest }) => ({ ...rest, source: source ?? input ?? '' }))
  let heading: string | undefined
  for (const { cell_type: type, source, outputs = [] } of [...cells, ...old]) {
    if (type === 'markdown' || type === 'heading') {
      for (const part of markdownParts(source)) {
        heading = part.heading ?? heading
        yield placed(part.text, heading)
      }
      continue
    }
    const parts = type === 'code' && parser !== undefined ? codeParts(source, parser) : textParts(source)
    for (const part of parts) yield placed(part.text, [heading, part.heading].filter((one) => one !== undefined).join(headingSeparator))
    for (const result of outputs) {
      const words = outputText(result)
      if (words.trim() !== '') yield placed(`Output: ${words}`, heading)
    }
  }
}

const placed = (text: string, heading: string | undefined): Part => ({ text, ...(heading !== undefined && heading !== '' && { heading }) })

function outputText({ text, data, ename, evalue }: z.infer<typeof output>): string {
  if (ename !== undefined) return withoutTerminalSigns(`${ename}: ${evalue ?? ''}`)
  if (text !== undefined) return withoutTerminalSigns(text)
  const shown = (type: string): string | undefined => lines.safeParse(data?.[type]).data
  const plain = shown('text/plain')
  if (plain !== undefined && !isStandIn.test(plain)) return withoutTerminalSigns(plain)
  const html = shown('text/html')
  return shown('text/markdown') ?? (html === undefined ? undefined : Array.from(htmlParts(html), (part) => part.text).join('\n')) ?? shown('text/latex') ?? plain ?? ''
}

/** What stands for a result that is shown in another form: `<IPython.core.display.Markdown object>`. */
const isStandIn = /^\s*<[\w.]+(?: object)?(?: at 0x[0-9a-f]+)?>\s*$/i
