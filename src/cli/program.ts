import { Command } from 'commander'
import { packageVersion } from '../operations/package-version.ts'
import { commandGroups } from './command-groups.ts'
import { addTenantOption } from './input/tenant-option.ts'
import { exitStatus } from './output/exit-status.ts'

const statuses = `
Exit status: ${exitStatus.ok} done; ${exitStatus.failure} failed; ${exitStatus.usage} wrong usage, file or configuration; ${exitStatus.notFound} no such agent, or none runs;
  ${exitStatus.unavailable} a server can't be reached or started; ${exitStatus.interrupted} interrupted.
Settings are environment variables (PERDURE_HOME, OPENAI_API_KEY, …), or stand in perdure.toml; \`perdure stack status\` shows those in force.`

/**
 * The command line for these arguments: with the command that they name, or with all where they name none, as for a help or after a slip. The program
 * of each command is loaded only where it has it. Throws instead of ending the process.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('perdure')
    .description('Agents with a memory of their own that survive anything')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(perdure --help shows the commands)')
    .addHelpText('after', statuses)
    .exitOverride()
  addTenantOption(program)
  for (const add of await Promise.all(groupsFor(args).map(({ load }) => load()))) add(program)
  return program
}

function groupsFor(args: readonly string[]): typeof commandGroups {
  if (args[0] === '--version' || args[0] === '-V') return []
  // `--tenant` alone has a value behind it.
  const first = args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--tenant') ?? ''
  const named = commandGroups.filter(({ commands }) => commands.includes(first))
  return named.length === 0 ? commandGroups : named
}
