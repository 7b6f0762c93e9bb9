import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { invalidArgument, messageOf, PerdureError } from '../../protocol/errors.ts'
import { idsOf, idsOfAll, tenantOf, type Tenant } from '../../protocol/tenant.ts'
import type { PerdureConnection } from '../../connect.ts'
import type { Recovery } from '../../client/recover.ts'
import { counted } from '../output/text.ts'
import { withAgents } from '../with-agents.ts'

const atOnce = 8

const meanings: Readonly<Record<Recovery, string>> = {
  started: 'its workflow did not run: a new one takes up what has yet to be done',
  asked: 'its workflow runs, and was told to read the stores',
  well: 'nothing was amiss',
}

/** `recover`: after a disaster, without waiting for the workers to see to it. */
export function addRecoverCommand(program: Command): void {
  program
    .command('recover')
    .argument('[names...]', 'the agents')
    .option('--all', 'every agent, of all tenants unless one is named')
    .description('starts agents again whose workflow was terminated or lost, from what the stores hold')
    .action(recover)
}

async function recover(names: readonly string[], { all }: { readonly all?: true }): Promise<void> {
  if ((names.length === 0) === (all === undefined)) throw invalidArgument('name the agents, or write `perdure recover --all`')
  await withAgents(readConfig(process.env), async ({ config: { tenant }, connection: { clientOf, stores } }) => {
    const counts: Record<Recovery | 'failed', number> = { started: 0, asked: 0, well: 0, failed: 0 }
    for await (const batch of names.length > 0 ? named(names, tenant) : everyOne(stores.memory.agents, tenant)) {
      await Promise.all(
        batch.map(async (agent) => {
          const who = agent.tenant === tenant ? agent.name : `${agent.name} of ${agent.tenant ?? 'the default tenant'}`
          try {
            const recovery = await clientOf(agent.tenant).recover(agent.name)
            counts[recovery] += 1
            if (recovery !== 'well' || names.length > 0) process.stdout.write(`${who}: ${meanings[recovery]}\n`)
          } catch (error) {
            counts.failed += 1
            process.stdout.write(`${who}: ${messageOf(error)}\n`)
          }
        }),
      )
    }
    const { started, asked, well, failed } = counts
    process.stdout.write(`${counted(started, 'agent')} started again, ${asked} told to read the stores, ${well} well, ${failed} failed.\n`)
    if (failed > 0) throw new PerdureError('server-unavailable', `${counted(failed, 'agent')} could not be recovered; the lines above say why, and the command may be repeated`)
  })
}

interface Found {
  readonly tenant: Tenant | undefined
  readonly name: string
}

function* named(names: readonly string[], tenant: Tenant | undefined): Generator<readonly Found[]> {
  for (let start = 0; start < names.length; start += atOnce) yield names.slice(start, start + atOnce).map((name) => ({ tenant, name }))
}

/** A disaster is one of all tenants. */
async function* everyOne(agents: PerdureConnection['stores']['memory']['agents'], tenant: Tenant | undefined): AsyncGenerator<readonly Found[]> {
  const within = tenant === undefined ? idsOfAll : idsOf(tenant)
  for (let after: string | undefined; ; ) {
    const page = await agents.list({ within, archived: false, limit: atOnce, ...(after !== undefined && { after }) })
    yield page.map(({ key, definition: { id } }) => ({ tenant: tenantOf(key), name: id }))
    after = page.at(-1)?.key
    if (after === undefined) return
  }
}
