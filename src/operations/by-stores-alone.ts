/** What needs the stores, and neither a Temporal server nor a worker. */
import { accessKeyMethods, type AccessKeyMethods } from '../client/access-keys.ts'
import { agentNames } from '../client/agent-names.ts'
import { costReport, type CostReport } from '../client/cost-report.ts'
import type { Config } from '../config/config.ts'
import { withStores } from '../stores/open.ts'

/** Makes, lists and revokes access keys. */
export function withAccessKeys<Result>({ stores: where, tenant }: Config, use: (methods: AccessKeyMethods) => Promise<Result>): Promise<Result> {
  return withStores(where, ({ memory }) => use(accessKeyMethods(memory.accessKeys, tenant)))
}

/** What an agent has cost. */
export function storedCost({ stores: where, tenant }: Config, name: string, options: { readonly turns?: number }): Promise<CostReport> {
  return withStores(where, async ({ memory }) => costReport(memory, await agentNames(memory.agents, tenant).known(name), options))
}
