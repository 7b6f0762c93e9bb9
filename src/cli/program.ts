import { Command } from 'commander'
import { packageVersion } from '../operations/package-version.ts'
import { addBudgetCommand } from './commands/budget.ts'
import { addCostCommand } from './commands/cost.ts'
import { addArchivalCommand } from './commands/archival-command.ts'
import { addAgentCommands } from './commands/agent-commands.ts'
import { addRecoverCommand } from './commands/recover.ts'
import { addApprovalCommands } from './commands/approval-commands.ts'
import { addChatCommands } from './commands/chat-commands.ts'
import { addDemoCommand } from './demo/command.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addEncryptionCommands } from './commands/encryption.ts'
import { addDefinitionCommand } from './commands/definition.ts'
import { addEditCommand } from './commands/edit.ts'
import { addSetCommand } from './commands/set.ts'
import { addDeployCommand } from './commands/deploy.ts'
import { addDocumentCommands } from './commands/documents-command.ts'
import { addTenantOption } from './input/tenant-option.ts'
import { exitStatus } from './output/exit-status.ts'
import { addImportCommand } from './commands/import-command.ts'
import { addReindexCommand } from './commands/reindex.ts'
import { addReplayCommand } from './commands/replay.ts'
import { addStackCommands } from './commands/stack.ts'
import { addMemoryCommands } from './commands/memory-commands.ts'
import { addPromptCommand } from './commands/prompt.ts'
import { addKeysCommand } from './commands/keys.ts'
import { addMigrateCommand } from './commands/migrate.ts'
import { addSimulatedModelCommand } from './commands/simulated-model.ts'
import { addServeCommand } from './commands/serve.ts'
import { addTimersCommand } from './commands/timers-command.ts'
import { addWorkerCommand } from './commands/worker.ts'

const statuses = `
Exit status: ${exitStatus.ok} done; ${exitStatus.failure} failed; ${exitStatus.usage} wrong usage, file or configuration; ${exitStatus.notFound} no such agent, or none runs;
  ${exitStatus.unavailable} a server can't be reached or started; ${exitStatus.interrupted} interrupted.
Settings are environment variables (PERDURE_HOME, OPENAI_API_KEY, …), or stand in perdure.toml; \`perdure stack status\` shows those in force.`

/** The whole command line. Throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('perdure')
    .description('Agents with a memory of their own that survive anything')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(perdure --help shows the commands)')
    .addHelpText('after', statuses)
    .exitOverride()
  addTenantOption(program)
  addChatCommands(program)
  addDemoCommand(program)
  addAgentCommands(program)
  addSetCommand(program)
  addEditCommand(program)
  addDefinitionCommand(program)
  addRecoverCommand(program)
  addImportCommand(program)
  addDocumentCommands(program)
  addMemoryCommands(program)
  addPromptCommand(program)
  addArchivalCommand(program)
  addTimersCommand(program)
  addApprovalCommands(program)
  addCostCommand(program)
  addBudgetCommand(program)
  addDoctorCommand(program)
  addStackCommands(program)
  addWorkerCommand(program)
  addServeCommand(program)
  addKeysCommand(program)
  addReplayCommand(program)
  addDeployCommand(program)
  addMigrateCommand(program)
  addReindexCommand(program)
  addSimulatedModelCommand(program)
  addEncryptionCommands(program)
  return program
}
