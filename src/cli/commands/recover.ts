import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { invalidArgument, messageOf, PerdureError } from '../../protocol/errors.ts'
import type { PerdureClient } from '../../client/client.ts'
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
    .option('--all', 'every agent')
    .description('starts agents again whose workflow was terminated or lost, from what the stores hold')
    .action(recover)
}

async function recover(names: readonly string[], { all }: { readonly all?: true }): Promise<void> {
  if ((names.length === 0) === (all === undefined)) throw invalidArgument('name the agents, or write `perdure recover --all`')
  await withAgents(readConfig(process.env), async ({ connection: { client } }) => {
    const counts: Record<Recovery | 'failed', number> = { started: 0, asked: 0, well: 0, failed: 0 }
    for await (const batch of batches(client, names)) {
      await Promise.all(
        batch.map(async (name) => {
          try {
            const recovery = await client.recover(name)
            counts[recovery] += 1
            if (recovery !== 'well' || names.length > 0) process.stdout.write(`${name}: ${meanings[recovery]}\n`)
          } catch (error) {
            counts.failed += 1
            process.stdout.write(`${name}: ${messageOf(error)}\n`)
          }
        }),
      )
    }
    const { started, asked, well, failed } = counts
    process.stdout.write(`${counted(started, 'agent')} started again, ${asked} told to read the stores, ${well} well, ${failed} failed.\n`)
    if (failed > 0) throw new PerdureError('server-unavailable', `${counted(failed, 'agent')} could not be recovered; the lines above say why, and the command may be repeated`)
  })
}

async function* batches(client: PerdureClient, names: readonly string[]): AsyncGenerator<readonly string[]> {
  if (names.length > 0) {
    for (let start = 0; start < names.length; start += atOnce) yield names.slice(start, start + atOnce)
    return
  }
  for (let after: string | undefined; ; ) {
    const { agents, next } = await client.list({ limit: atOnce, ...(after !== undefined && { after }) })
    yield agents.filter(({ archivedAt }) => archivedAt === undefined).map(({ definition }) => definition.id)
    if (next === undefined) return
    after = next
  }
}
