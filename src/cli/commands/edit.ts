import { join } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { changeable } from '../../definition/compare-definitions.ts'
import { changesBetween } from '../../definition/changes-between.ts'
import type { DefinitionVersion, PerdureClient } from '../../index.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { editedText, readFields } from '../input/edited-text.ts'
import { mergedFields } from '../input/merged-fields.ts'
import { personHere } from '../input/person.ts'
import { differenceLines } from '../output/definition-lines.ts'
import { definitionText, fieldsText } from '../output/definition-text.ts'
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
  let edited = await inForce(client, agentId)
  const fieldsOf = ({ agentId: key, definition }: DefinitionVersion): Readonly<Record<string, unknown>> => changeable(key, definition)
  return editedText({
    folder,
    name: edited.agentId,
    text: definitionText(edited),
    heading: `${agentId}, version ${edited.version}. Save to change it; leave it as it is to change nothing.`,
    use: async (text) => {
      const changes = changesBetween(fieldsOf(edited), readFields(text))
      if (Object.keys(changes).length === 0) return ['Nothing was changed.']
      return changeAgent(client, agentId, changes, { author, ifVersion: edited.version })
    },
    anew: async ({ code }, saved) => {
      if (code !== 'definition-conflict') return undefined
      const [before, mine] = [edited, readFields(saved)]
      edited = await inForce(client, agentId)
      const differences = await client.compareDefinitions(agentId, { before: before.version, after: edited.version })
      return {
        heading: [
          `Version ${edited.version}, by ${edited.author}, is in force now. Since version ${before.version} this has become another:`,
          ...differenceLines(differences).map((line) => `  ${line}`),
          'Below stands the version in force with your changes in it. To save it take these lines away; leave it as it is to give up.',
        ].join('\n'),
        text: fieldsText(mergedFields({ before: fieldsOf(before), mine, theirs: fieldsOf(edited) })),
      }
    },
  })
}

async function inForce(client: PerdureClient, agentId: string): Promise<DefinitionVersion> {
  const [present] = await client.definitions(agentId, { limit: 1 })
  if (present !== undefined) return present
  throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(agentId)}; \`perdure agents\` lists them`)
}
