import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { requirementCount, requirements } from './requirements.ts'

interface NamedTest {
  readonly file: string
  readonly title: string
}

/** Ids in the brackets that end a title: `[recall:search]`, or several with spaces or commas between them. */
function idsOf(title: string): string[] {
  const brackets = /\[([^\][]*)\]\s*$/.exec(title)
  return (brackets?.[1] ?? '').split(/[\s,]+/).filter(id => id !== '')
}

/** Titles of `test`, `it` and `describe`, with their modifiers and tables: `test.each(…)('…')`. Skipped ones verify nothing. */
function titlesOf(source: string): string[] {
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined
    if (ts.isCallExpression(node) && title && isTestFunction(node.expression)) {
      if (ts.isStringLiteralLike(title)) titles.push(title.text)
      // The ids stand at the end, after the last thing that a template puts in.
      else if (ts.isTemplateExpression(title)) titles.push(title.templateSpans.at(-1)?.literal.text ?? '')
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest))
  return titles
}

function isTestFunction(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return ['test', 'it', 'describe'].includes(node.text)
  if (ts.isPropertyAccessExpression(node)) return !['skip', 'todo'].includes(node.name.text) && isTestFunction(node.expression)
  return ts.isCallExpression(node) && isTestFunction(node.expression)
}

function testsIn(root: string): NamedTest[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(test|contract)\.ts$/.test(name))
    .flatMap(file => titlesOf(readFileSync(join(root, file), 'utf8')).map(title => ({ file, title })))
}

describe('reading of test titles', () => {
  test('takes the ids at the end of a title, one or several', () => {
    expect(idsOf('finds a message [recall:search]')).toEqual(['recall:search'])
    expect(idsOf('finds it [recall:search, recall:never-deleted core:blocks]')).toEqual(['recall:search', 'recall:never-deleted', 'core:blocks'])
    expect(idsOf('joins [a] and [b] to one')).toEqual([])
  })

  test('finds titles in every form of test, but not in skipped ones', () => {
    const source = `
      test('plain [a]', () => {})
      describe('group [b]', () => { it.each([1])('table %s [c]', () => {}) })
      test(\`made of \${part} [d]\`, () => {})
      test.skip('skipped [e]', () => {})
      other('no test [f]')`
    expect(titlesOf(source).flatMap(idsOf)).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('requirements', () => {
  const tests = testsIn(import.meta.dirname)
  const known = new Set(requirements.map(requirement => requirement.id))

  test('all stand in the list, each once', () => {
    expect(requirements).toHaveLength(requirementCount)
    expect(known.size).toBe(requirementCount)
  })

  test('that are deferred give a reason', () => {
    expect(requirements.filter(requirement => requirement.status === 'deferred' && requirement.reason.trim() === '')).toEqual([])
  })

  test('that are done have a test', () => {
    const verified = new Set(tests.flatMap(({ title }) => idsOf(title)))
    const missing = requirements.filter(({ id, status }) => status === 'done' && !verified.has(id)).map(({ id }) => id)
    expect(missing).toEqual([])
  })

  test('that tests name are in the list', () => {
    // The samples of this file name ids that are none.
    const elsewhere = tests.filter(({ file }) => file !== 'requirements.test.ts')
    const unknown = elsewhere.flatMap(({ file, title }) => idsOf(title).filter(id => !known.has(id)).map(id => `${file}: [${id}]`))
    expect(unknown).toEqual([])
  })
})
