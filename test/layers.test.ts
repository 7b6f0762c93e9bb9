import { describe, expect, test } from 'vitest'
import { describeCircle, describeViolation, findCircles, findViolations, folders, importsOf, projectRoot, readSources } from '../scripts/layers.ts'

function violations(file: string, source: string): string[] {
  return findViolations([{ file, imports: importsOf(source) }]).map(describeViolation)
}

describe('what the layers allow', () => {
  test.each([
    ['src/tools/search.ts', `import { limits } from '../protocol/limits.ts'`],
    ['src/stores/mongo/blocks.ts', `import type { BlockStore } from '../stores.ts'`],
    ['src/activities/infer.ts', `import { search } from '../tools/search.ts'`],
    ['src/workflows/agent/agent.ts', `import type { Tools } from '../../activities/tools.ts'`],
    ['src/workflows/agent/agent.ts', `import { proxyActivities } from '@temporalio/workflow'`],
    ['src/client/client.ts', `import { openStores } from '../stores/open.ts'`],
    ['src/cli/start.ts', `const { bringUp } = await import('../stack/bring-up.ts')`],
    ['src/stack/bring-up.ts', `import { runWorker } from '../worker/run-worker.ts'`],
    ['src/worker/create-worker.ts', `import { infer } from '../activities/infer.ts'`],
    ['src/worker.ts', `export { createWorker } from './worker/create-worker.ts'`],
    ['clients/typescript/src/stream/streams.ts', `import type { TurnEvent } from '../../../../src/index.ts'`],
    ['clients/typescript/src/client.ts', `import { path } from './path.ts'`],
    ['page/src/chat/composer.tsx', `import { Link } from '../shell/link.tsx'\nimport { signal } from '@preact/signals'`],
    ['page/src/shell/server.ts', `import { createClient } from '../../../clients/typescript/src/index.ts'`],
    ['page/src/views.ts', `import { ChatView } from './chat/chat-view.tsx'`],
  ])('%s: %s', (file, source) => {
    expect(violations(file, source)).toEqual([])
  })
})

describe('what the layers refuse', () => {
  test.each([
    ['src/protocol/state.ts', `import type { Stores } from '../stores/stores.ts'`, 'src/protocol may import nothing of ours; not src/stores'],
    ['src/stores/mongo/blocks.ts', `import { search } from '../../tools/search.ts'`, 'src/stores may import src/protocol, src/words, src/threads; not src/tools'],
    ['src/tools/search.ts', `export * from '../activities/infer.ts'`, 'not src/activities'],
    ['src/workflows/agent/agent.ts', `import { infer } from '../../activities/infer.ts'`, 'src/workflows may import src/activities by "import type" only'],
    ['src/workflows/agent/agent.ts', `import { type infer } from '../../activities/infer.ts'`, 'by "import type" only'],
    ['src/workflows/agent/agent.ts', `const tools = await import('../../tools/search.ts')`, 'not src/tools'],
    ['src/client/client.ts', `type Activities = import('../activities/infer.ts').Activities`, 'not src/activities'],
    ['src/server/app.ts', `import { blocks } from '../stores/core-memory.ts'`, 'src/server may import src/protocol, src/http, src/definition, src/client; not src/stores'],
    ['src/activities/infer.ts', `import { connect } from '../connect.ts'`, 'not src/*.ts'],
    ['src/tools/search.ts', `import { scripted } from '../../test/support/scripted.ts'`, 'nothing under src imports from outside it'],
    ['src/worker/run-worker.ts', `import { waitForLine } from '../stack/log-file.ts'`, 'not src/stack'],
    ['clients/typescript/src/client.ts', `import { errorCodes } from '../../../src/index.ts'`, 'clients/typescript may import src/*.ts by "import type" only'],
    ['clients/typescript/src/client.ts', `import type { Stores } from '../../../src/stores/stores.ts'`, 'clients/typescript may import nothing of ours; not src/stores'],
    ['clients/typescript/src/pause.ts', `import { setTimeout } from 'node:timers/promises'`, 'clients/typescript imports no package'],
    ['src/server/app.ts', `import { createClient } from '../../clients/typescript/src/index.ts'`, 'not clients/typescript'],
    ['page/src/chat/composer.tsx', `import { AgentRow } from '../agents/agent-row.tsx'`, 'not page/src/agents'],
    ['page/src/live/follow.ts', `import type { TurnEvent } from '../../../src/index.ts'`, 'not src/*.ts'],
    ['src/server/app.ts', `import { views } from '../../page/src/views.ts'`, 'not page/src/*.ts'],
    ['src/shared/text.ts', `import { limits } from '../protocol/limits.ts'`, 'src/shared is no layer'],
  ])('%s: %s', (file, source, rule) => {
    const [violation, ...others] = violations(file, source)
    expect(others).toEqual([])
    expect(violation).toContain(file)
    expect(violation).toContain(rule)
  })
})

test('the sources of this project hold to the rules', () => {
  expect(findViolations(['src', 'clients', 'page'].flatMap((folder) => readSources(projectRoot, folder as 'src'))).map(describeViolation)).toEqual([])
})

describe('circles', () => {
  const file = (name: string, source: string) => ({ file: name, imports: importsOf(source) })

  test('are found through any number of files, also of types alone', () => {
    const circle = findCircles([
      file('src/a.ts', `import type { B } from './b.ts'`),
      file('src/b.ts', `export { c } from './deep/c.ts'\nimport './d.ts'`),
      file('src/deep/c.ts', `import { a } from '../a.ts'`),
      file('src/d.ts', ''),
    ])
    expect(circle.map(describeCircle)).toEqual(['a circle: src/a.ts → src/b.ts → src/deep/c.ts → src/a.ts'])
  })

  test('two files that import a third are none', () => {
    expect(findCircles([file('src/a.ts', `import './b.ts'\nimport './c.ts'`), file('src/b.ts', `import './c.ts'`), file('src/c.ts', '')])).toEqual([])
  })

  test('this project has none', () => {
    expect(findCircles(folders.flatMap((folder) => readSources(projectRoot, folder))).map(describeCircle)).toEqual([])
  })
})
