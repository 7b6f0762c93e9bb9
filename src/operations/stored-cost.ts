import { agentNames } from '../client/agent-names.ts'
import { costReport, type CostReport } from '../client/cost-report.ts'
import type { Config } from '../config/config.ts'
import { openStores } from '../stores/open.ts'

/** What an agent has cost, by the stores alone: no Temporal server and no worker are needed. */
export async function storedCost(config: Config, name: string, options: { readonly turns?: number }): Promise<CostReport> {
  const stores = await openStores(config.stores)
  try {
    return await costReport(stores.memory, await agentNames(stores.memory.agents).known(name), options)
  } finally {
    await stores.close()
  }
}
