import { Command } from 'commander'
import { packageVersion } from '../local/package-version.ts'
import { addBudgetCommand } from './budget.ts'
import { addCostCommand } from './cost.ts'
import { addAgentCommands } from './agent-commands.ts'
import { addApprovalCommands } from './approval-commands.ts'
import { addChatCommands } from './chat-commands.ts'
import { addDemoCommand } from './demo/command.ts'
import { addDoctorCommand } from './doctor.ts'
import { addEncryptionCommands } from './encryption.ts'
import { addDeployCommand } from './deploy.ts'
import { addDocumentCommands } from './documents-command.ts'
import { exitStatus } from './exit-status.ts'
import { addImportCommand } from './import-command.ts'
import { addReindexCommand } from './reindex.ts'
import { addReplayCommand } from './replay.ts'
import { addStackCommands } from './stack.ts'
import { addMigrateCommand } from './migrate.ts'
import { addSimulatedModelCommand } from './simulated-model.ts'
import { addTimersCommand } from './timers-command.ts'
import { addWorkerCommand } from './worker.ts'

const statuses = `
Exit status: ${exitStatus.ok} done; ${exitStatus.failure} failed; ${exitStatus.usage} wrong usage, file or configuration; ${exitStatus.notFound} no such agent, or none runs;
  ${exitStatus.unavailable} a server can't be reached or started; ${exitStatus.interrupted} interrupted.
Settings are environment variables (PERDURE_HOME, OPENAI_API_KEY, …); \`perdure stack status\` shows those in force.`

/** The whole command line. Throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('perdure')
    .description('Agents with a memory of their own that survive anything')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(perdure --help shows the commands)')
    .addHelpText('after', statuses)
    .exitOverride()
  addChatCommands(program)
  addDemoCommand(program)
  addAgentCommands(program)
  addImportCommand(program)
  addDocumentCommands(program)
  addTimersCommand(program)
  addApprovalCommands(program)
  addCostCommand(program)
  addBudgetCommand(program)
  addDoctorCommand(program)
  addStackCommands(program)
  addWorkerCommand(program)
  addReplayCommand(program)
  addDeployCommand(program)
  addMigrateCommand(program)
  addReindexCommand(program)
  addSimulatedModelCommand(program)
  addEncryptionCommands(program)
  return program
}
