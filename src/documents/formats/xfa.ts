import { z } from 'zod'

/** What pdf.js makes of a form that is made of XML alone (XFA): a tree as HTML would have it. */
interface Element {
  readonly name: string
  readonly value?: unknown
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly children?: readonly Element[] | undefined
}
const elementSchema: z.ZodType<Element> = z.object({
  name: z.string(), value: z.unknown().optional(), attributes: z.record(z.string(), z.unknown()).optional().catch(undefined),
  get children() {
    return z.array(elementSchema).optional().catch(undefined)
  },
})

/** The words and the fields of such a page, each a line: `Name: Ada`. */
export function xfaLines(tree: unknown): string[] {
  const parsed = elementSchema.safeParse(tree)
  const lines: string[] = []
  if (parsed.success) addLines(parsed.data, lines)
  return lines
}

function addLines(element: Element, lines: string[]): void {
  const kinds = z.array(z.string()).safeParse(element.attributes?.['class']).data ?? []
  if (!kinds.includes('xfaField') && !kinds.includes('xfaDraw')) {
    for (const child of element.children ?? []) addLines(child, lines)
    return
  }
  const { words, values } = partsOf(element)
  const line = [words.join(' ').trim(), values.join(' ').trim()].filter((part) => part !== '').join(': ')
  if (line !== '') lines.push(line)
}

/** What stands there, and what was filled in. */
function partsOf({ name, value, attributes = {}, children = [] }: Element): { readonly words: readonly string[]; readonly values: readonly string[] } {
  if (name === 'input' && ['checkbox', 'radio'].includes(String(attributes['type']))) return { words: [], values: [attributes['checked'] === true ? '☒' : '☐'] }
  if (name === 'option' && attributes['selected'] !== true) return { words: [], values: [] }
  const own = [value, attributes['value'], attributes['textContent']].filter((one): one is string => typeof one === 'string' && one.trim() !== '').slice(0, 1)
  const inner = children.map(partsOf)
  const isField = ['input', 'textarea', 'option'].includes(name)
  return { words: [...(isField ? [] : own), ...inner.flatMap(({ words }) => words)], values: [...(isField ? own : []), ...inner.flatMap(({ values }) => values)] }
}
