import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import type { PerdureClient } from '../../index.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { listedVersions, newestVersions } from '../definition-versions.ts'
import { personHere } from '../input/person.ts'
import { changeLines, differenceLines, versionLines } from '../output/definition-lines.ts'
import { definitionText } from '../output/definition-text.ts'
import { withAgents } from '../with-agents.ts'

interface Options {
  readonly show?: number
  readonly diff?: readonly string[]
  readonly undo?: number | true
  readonly json?: true
  readonly by?: string
}

export function addDefinitionCommand(program: Command): void {
  program
    .command('definition')
    .argument('<agent>', 'the agent')
    .description("lists the versions of an agent's definition, shows or compares them, or goes back to one")
    .option('--show <version>', 'one version, as YAML', versionNumber)
    .option('--diff <versions...>', 'what differs between two versions, or between one and the present')
    .option('--undo [version]', 'makes a new version that equals an earlier one (default: the one before the present)', versionNumber)
    .option('--by <name>', 'who undoes it (default: the user of this machine)')
    .option('--json', 'for programs: one version, or difference, a line')
    .action(async (agentId: string, options: Options) => {
      const worker = options.undo === undefined ? { worker: 'unneeded' as const } : {}
      const lines = await withAgents(readConfig(process.env), ({ connection: { client } }) => linesFor(client, agentId, options), worker)
      if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
    })
}

async function linesFor(client: PerdureClient, agentId: string, { show, diff, undo, by, json }: Options): Promise<readonly string[]> {
  if (show !== undefined) return shown(client, agentId, show, json)
  if (undo !== undefined) return undone(client, agentId, undo === true ? undefined : undo, by ?? personHere())
  if (diff !== undefined) {
    const [before = 1, after, ...more] = diff.map(versionNumber)
    if (more.length > 0) throw invalidArgument('--diff takes one version or two')
    const differences = await client.compareDefinitions(agentId, { before, ...(after !== undefined && { after }) })
    return json === true ? differences.map((difference) => JSON.stringify(difference)) : differences.length === 0 ? ['They are equal.'] : differenceLines(differences)
  }
  const lines: string[] = []
  if (json === true) {
    for await (const version of newestVersions(client, agentId, listed)) lines.push(JSON.stringify(version))
    return lines
  }
  return versionLines(await listedVersions(client, agentId, listed))
}

const listed = 50

async function shown(client: PerdureClient, agentId: string, version: number, json: true | undefined): Promise<readonly string[]> {
  const [found] = await client.definitions(agentId, { limit: 1, before: version + 1 })
  if (found?.version !== version) throw invalidArgument(`the definition has no version ${version}; \`perdure definition ${agentId}\` lists them`)
  return [json === true ? JSON.stringify(found) : definitionText(found).trimEnd()]
}

async function undone(client: PerdureClient, agentId: string, to: number | undefined, author: string): Promise<readonly string[]> {
  const [before] = await client.definitions(agentId, { limit: 1 })
  const change = await client.undoDefinition(agentId, { author, ...(to !== undefined && { to }) })
  return changeLines(agentId, change, await client.compareDefinitions(agentId, { before: before?.version ?? 1, after: change.version }))
}

/** @throws PerdureError `invalid-argument` */
function versionNumber(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written)
  throw invalidArgument(`${JSON.stringify(written.slice(0, 40))} is no version: these are numbers from 1`)
}
