import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { readyBundle } from '../scripts/ready-bundle.ts'
import { encryptedWorkflowCode, workflowCode } from './support/workflow-code.ts'

/**
 * The modules of a bundle that all runs of a worker share, and those that each run loads for itself, as the SDK asks for them. Ours are named alike whether the bundle is made of
 * the sources or of what the compiler has made of them.
 */
function loadedBy(code: string): { readonly shared: readonly string[]; readonly byRun: readonly string[] } {
  const cache = new Map<string, unknown>()
  const modules = new Proxy({}, { get: (_, id: string) => cache.get(id), set: (_, id: string, module) => cache.set(id, module).size > 0 })
  const context = createContext({ __webpack_module_cache__: modules, TextEncoder, TextDecoder, AsyncLocalStorage, URL, Blob })
  runInContext(code, context)
  runInContext('__TEMPORAL__.preloadModules()', context)
  const shared = [...cache.keys()]
  // What is asked of a run while it is loaded: the seed of its random numbers.
  runInContext("globalThis.__TEMPORAL_ACTIVATOR__ = { randomnessSeed: [1] }; __TEMPORAL__.importWorkflows()", context)
  const named = (id: string): string => id.replace(/^\.\/(?:src|dist)\/(.*)\.[jt]s$/, './$1')
  return { shared: shared.map(named), byRun: [...cache.keys()].slice(shared.length).map(named) }
}

describe('the code of workflows', () => {
  test.for([['plain', workflowCode], ['encrypted', encryptedWorkflowCode]] as const)('is shared by all runs of a worker, of which each loads one file (%s payloads)', async ([, bundle]) => {
    const { shared, byRun } = loadedBy(await bundle())
    expect(byRun).toEqual(['./workflows/index'])
    expect(shared).toEqual(expect.arrayContaining(['./workflows/agent/agent', './codec/sandbox-converter', './codec/failure-converter']))
  })

  test('takes a byte for each sign, and holds no text of its sources, as two threads of each worker keep it', async () => {
    const code = await readyBundle('plain', join(import.meta.dirname, '..', 'src'), 'ts')
    expect([...code.matchAll(/[^\0-\x7f]/g)]).toEqual([])
    const [, map = ''] = /sourceMappingURL=data:application\/json;[^,]*base64,(\S+)/.exec(code) ?? []
    const { sources, sourcesContent } = JSON.parse(Buffer.from(map, 'base64').toString()) as { readonly sources: readonly string[]; readonly sourcesContent?: unknown }
    expect(sources.some((source) => source.endsWith('workflows/agent/agent.ts'))).toBe(true)
    expect(sourcesContent).toBeUndefined()
    expect(loadedBy(code)).toEqual(loadedBy(await workflowCode()))
  })
})
