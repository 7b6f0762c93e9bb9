import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export interface NamedTest {
  readonly file: string
  /** Of a title with parts that are put in, what stands after the last of them. */
  readonly title: string
  /** Of `describe`, which holds tests and is none. */
  readonly group: boolean
}

/** Ids in the brackets that end a title: `[recall:search]`, or several with spaces or commas between them. */
export function idsOf(title: string): string[] {
  const brackets = idBrackets.exec(title)
  return (brackets?.[1] ?? '').split(/[\s,]+/).filter((id) => id !== '')
}

/** The title as a sentence. */
export const withoutIds = (title: string): string => title.replace(idBrackets, '').trim()

const idBrackets = /\[([^\][]*)\]\s*$/

/** Titles of `test`, `it` and `describe`, with their modifiers and tables: `test.each(…)('…')`. Skipped ones verify nothing. */
export function titlesOf(source: string): Omit<NamedTest, 'file'>[] {
  const titles: Omit<NamedTest, 'file'>[] = []
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined
    const name = ts.isCallExpression(node) ? testFunction(node.expression) : undefined
    if (title && name !== undefined) {
      const group = name === 'describe'
      if (ts.isStringLiteralLike(title)) titles.push({ title: title.text, group })
      // The ids stand at the end, after the last thing that a template puts in.
      else if (ts.isTemplateExpression(title)) titles.push({ title: title.templateSpans.at(-1)?.literal.text ?? '', group })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest))
  return titles
}

function testFunction(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return ['test', 'it', 'describe'].includes(node.text) ? node.text : undefined
  if (ts.isPropertyAccessExpression(node)) return ['skip', 'todo'].includes(node.name.text) ? undefined : testFunction(node.expression)
  return ts.isCallExpression(node) ? testFunction(node.expression) : undefined
}

/** Of all test files and contract suites below a folder. */
export function testsIn(root: string): NamedTest[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(test|contract)\.ts$/.test(name))
    .flatMap((file) => titlesOf(readFileSync(join(root, file), 'utf8')).map((named) => ({ file, ...named })))
}
