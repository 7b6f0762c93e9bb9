import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import type { ChatModel } from '../../../src/model/model.ts'
import { readPage } from '../../../src/server/page.ts'
import { accessKeyCheck } from '../../../src/client/access-key-check.ts'
import type { Served } from '../../../src/server/serve.ts'
import { startAgents, type Agents, type AgentsOptions } from '../../support/agents.ts'
import { served } from '../../support/served.ts'
import { startBrowser, visit, type Visit, type VisitOptions } from './browser.ts'

export interface Stage {
  readonly agents: Agents
  readonly url: string
  /** Somebody comes to the page; whatever goes wrong there fails the test. */
  open(path: string, options?: Omit<VisitOptions, 'url'> & { /** Default: the server's own; else that of a proxy before it. */ readonly at?: string }): Promise<Visit>
  /** The server goes, and comes back at the same address when this is done. */
  withoutServer(work: () => Promise<void>): Promise<void>
}

/** One stack and one browser for the tests of a file. @param options.askKeys whether the server wants a key once there is one */
export function useStage(model: ChatModel, { askKeys = false, ...options }: Omit<AgentsOptions, 'model'> & { readonly askKeys?: boolean } = {}): Stage {
  let agents: Agents
  let browser: Browser
  let current: Served
  let visits: Visit[] = []
  const serveAt = (address: string): Promise<Served> => {
    const page = readPage(inject('pageFolder'))
    if (page === undefined) throw new Error('the page is not built')
    return served(agents.client, { page, address, clientOf: (tenant) => (tenant === undefined ? agents.client : agents.clientOf(tenant)), ...(askKeys && { keys: accessKeyCheck(agents.stores.memory.accessKeys) }) })
  }
  beforeAll(async () => {
    if ('unavailable' in inject('browser')) return
    agents = await startAgents({ model, ...options })
    ;[current, browser] = await Promise.all([serveAt('127.0.0.1:0'), startBrowser()])
  })
  afterEach(async ({ task }) => {
    const told = task.result?.state === 'fail' && visits.length > 0 ? await tellAll(visits) : undefined
    const wrong = visits.flatMap((one) => one.wrong)
    const closing = visits
    visits = []
    for (const one of closing) await one.close()
    if (told !== undefined) throw told
    expect(wrong).toEqual([])
  })
  afterAll(async () => {
    if ('unavailable' in inject('browser')) return
    await browser.close()
    await current.close()
    await agents.close()
  })
  return {
    get agents() {
      return agents
    },
    get url() {
      return current.url
    },
    open: async (path, given = {}) => {
      const { at = current.url, ...rest } = given
      const opened = await visit(browser, { url: at + path, ...rest })
      visits = [opened, ...visits]
      return opened
    },
    withoutServer: async (work) => {
      const { host } = new URL(current.url)
      await current.close()
      await work()
      current = await serveAt(host)
    },
  }
}

/** A second error of a test that has failed: what its pages were like then. */
async function tellAll(visits: readonly Visit[]): Promise<Error> {
  const told = new Error((await Promise.all(visits.map(async ({ tell, wrong }) => [await tell(), ...wrong.map((text) => `Wrong there: ${text}`)].join('\n')))).join('\n'))
  // Where it is thrown says nothing.
  told.stack = told.message
  return told
}
