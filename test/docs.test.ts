import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { documents, readDocument, snippetsIn, withSnippets } from '../scripts/snippets.ts'
import { exitStatus } from '../src/cli/output/exit-status.ts'
import { usageOf } from '../src/cli/slash/command.ts'
import { slashCommands } from '../src/cli/slash/commands.ts'
import { variableNames } from '../src/config/variables.ts'
import { errorCodes } from '../src/protocol/errors.ts'
import { handlerNames } from '../src/protocol/handlers.ts'
import { limits } from '../src/protocol/limits.ts'
import { refusalCodes } from '../src/server/refusal.ts'
import { routes } from '../src/server/routes.ts'
import { metrics } from '../src/telemetry/metrics.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** First cells of the table rows under a heading, without their backticks. */
function firstCells(path: string, heading: string): string[] {
  const [, after = ''] = readDocument(path).split(`\n## ${heading}\n`)
  const section = after.split('\n## ')[0] ?? ''
  return Array.from(section.matchAll(/^\| `([^`]+)`/gm), ([, cell = '']) => cell.replaceAll('\\|', '|'))
}

/** Targets of the links to files of this repository, with what stands after `#`. */
function linksIn(markdown: string): { readonly target: string; readonly anchor: string | undefined }[] {
  const prose = markdown.replace(/```[^]*?```/g, '')
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [target = '', anchor] = link.split('#')
      return { target, anchor }
    })
}

/** Anchors of headings, as GitHub makes them. */
function anchorsIn(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'),
  )
}

describe('snippets', () => {
  test('in documents are regions of example files; `npx tsx scripts/snippets.ts` mends them', () => {
    const differing = documents().filter((path) => withSnippets(readDocument(path)) !== readDocument(path))
    expect(differing).toEqual([])
  })

  test('are found where they are marked', () => {
    expect(snippetsIn(readDocument('README.md'))).toBeGreaterThan(0)
    expect(() => withSnippets('<!-- from examples/custom-tool.ts#nowhere -->\n```ts\n```')).toThrow('has no region nowhere')
  })

  test('of TypeScript are all marked', () => {
    const unmarked = documents().filter((path) => (readDocument(path).match(/^```ts$/gm) ?? []).length !== snippetsIn(readDocument(path)))
    expect(unmarked).toEqual([])
  })
})

describe('commands', () => {
  test('whose output programs read let npm print nothing of its own', () => {
    const loud = documents().flatMap((path) => readDocument(path).split('\n').filter((line) => /npm run perdure -- .*--json/.test(line)).map((line) => `${path}: ${line}`))
    expect(loud).toEqual([])
  })
})

describe('links', () => {
  test('between documents lead somewhere', () => {
    const broken = documents().flatMap((path) =>
      linksIn(readDocument(path))
        .filter(({ target, anchor }) => {
          const file = target === '' ? join(root, path) : join(root, dirname(path), target)
          if (!existsSync(file)) return true
          return anchor !== undefined && file.endsWith('.md') && !anchorsIn(readFileSync(file, 'utf8')).includes(anchor)
        })
        .map(({ target, anchor }) => `${path}: ${target}${anchor === undefined ? '' : `#${anchor}`}`),
    )
    expect(broken).toEqual([])
  })
})

describe('tables name', () => {
  test('every setting, and none that is not there', () => {
    const settings = ['Model', 'Memory', 'Temporal', 'This machine', 'Versions of workers', 'Telemetry', 'For tests'].flatMap((heading) => firstCells('docs/configuration.md', heading))
    expect(settings.toSorted()).toEqual(variableNames.toSorted())
  })

  test('every command of the chat, in the order of its help', () => {
    expect(firstCells('docs/users.md', 'Commands in the chat')).toEqual(slashCommands.map(usageOf))
  })

  test('every exit status', () => {
    expect(firstCells('docs/users.md', 'Exit status').map(Number).toSorted()).toEqual(Object.values(exitStatus).toSorted())
  })

  test('every error code', () => {
    expect(firstCells('docs/users.md', 'Trouble').toSorted()).toEqual(errorCodes.toSorted())
  })

  test('every query, update and signal', () => {
    expect(firstCells('docs/operators.md', 'Queries, updates, signals').toSorted()).toEqual(Object.values(handlerNames).toSorted())
  })

  test('every HTTP route, and every error code of its server', () => {
    expect(firstCells('docs/http.md', 'Routes')).toEqual(routes.map(({ method, path }) => `${method} ${path}`))
    expect(firstCells('docs/http.md', 'Errors').toSorted()).toEqual(Object.keys(refusalCodes).toSorted())
  })

  test('every metric, as Prometheus shows it', () => {
    const shown = Object.entries(metrics).map(([name, { kind }]) => (kind === 'counter' ? `${name}_total` : name))
    expect(firstCells('docs/operators.md', 'Telemetry')).toEqual(shown)
  })

  test('every limit with its value', () => {
    const [, after = ''] = readDocument('docs/operators.md').split('\n## Limits\n')
    const rows = Array.from(after.matchAll(/^\| `(\w+)` \| ([\d,]+)/gm), ([, name, value = '']) => [name, Number(value.replaceAll(',', ''))])
    expect(Object.fromEntries(rows)).toEqual(limits)
  })
})
