import { join } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { changeable } from '../../definition/compare-definitions.ts'
import { changesBetween } from '../../definition/changes-between.ts'
import type { DefinitionVersion, PerdureClient } from '../../index.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { editedText, readFields } from '../input/edited-text.ts'
import { personHere } from '../input/person.ts'
import { definitionText } from '../output/definition-lines.ts'
import { makeHome } from '../../stack/home.ts'
import { withAgents } from '../with-agents.ts'
import { changeAgent } from '../change-agent.ts'

export function addEditCommand(program: Command): void {
  program
    .command('edit')
    .argument('<agent>', 'the agent')
    .description('opens what an agent is in $VISUAL or $EDITOR, as YAML; what is saved is in force from its next step on')
    .option('--by <name>', 'who changes it (default: the user of this machine)')
    .action(async (agentId: string, { by }: { readonly by?: string }) => {
      const config = readConfig(process.env)
      makeHome(config.home)
      const lines = await withAgents(config, ({ connection: { client } }) => edit(client, { agentId, author: by ?? personHere(), folder: join(config.home, 'edits') }))
      process.stdout.write(`${lines.join('\n')}\n`)
    })
}

/**
 * Until what was saved is in force, or nothing was changed any more. What is refused stands above the text when the editor opens again;
 * where somebody leaves it there, the text stays in its file.
 */
async function edit(client: PerdureClient, { agentId, author, folder }: { readonly agentId: string; readonly author: string; readonly folder: string }): Promise<readonly string[]> {
  const present = await inForce(client, agentId)
  const before = changeable(present.agentId, present.definition)
  const file = join(folder, `${present.agentId}-version-${present.version}.yaml`)
  return editedText({
    file,
    text: definitionText(present),
    heading: `${agentId}, version ${present.version}. Save to change it; leave it as it is to change nothing.`,
    use: async (text) => {
      const changes = changesBetween(before, readFields(text))
      if (Object.keys(changes).length === 0) return ['Nothing was changed.']
      return changeAgent(client, agentId, changes, { author, ifVersion: present.version })
    },
  })
}

async function inForce(client: PerdureClient, agentId: string): Promise<DefinitionVersion> {
  const [present] = await client.definitions(agentId, { limit: 1 })
  if (present !== undefined) return present
  throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(agentId)}; \`perdure agents\` lists them`)
}
