import type { Command } from 'commander'

interface CommandGroup {
  readonly commands: readonly string[]
  readonly load: () => Promise<(program: Command) => void>
}

/** All commands, in the order in which the help shows them. What a command needs takes time to load, so each loads its own alone. */
export const commandGroups: readonly CommandGroup[] = [
  { commands: ['start', 'chat'], load: async () => (await import('./commands/chat-commands.ts')).addChatCommands },
  { commands: ['demo'], load: async () => (await import('./demo/command.ts')).addDemoCommand },
  { commands: ['agents', 'delete'], load: async () => (await import('./commands/agent-commands.ts')).addAgentCommands },
  { commands: ['set'], load: async () => (await import('./commands/set.ts')).addSetCommand },
  { commands: ['edit'], load: async () => (await import('./commands/edit.ts')).addEditCommand },
  { commands: ['definition'], load: async () => (await import('./commands/definition.ts')).addDefinitionCommand },
  { commands: ['recover'], load: async () => (await import('./commands/recover.ts')).addRecoverCommand },
  { commands: ['import'], load: async () => (await import('./commands/import-command.ts')).addImportCommand },
  { commands: ['load', 'unload', 'documents'], load: async () => (await import('./commands/documents-command.ts')).addDocumentCommands },
  { commands: ['blocks', 'messages', 'checkpoints'], load: async () => (await import('./commands/memory-commands.ts')).addMemoryCommands },
  { commands: ['prompt'], load: async () => (await import('./commands/prompt.ts')).addPromptCommand },
  { commands: ['archival'], load: async () => (await import('./commands/archival-command.ts')).addArchivalCommand },
  { commands: ['timers'], load: async () => (await import('./commands/timers-command.ts')).addTimersCommand },
  { commands: ['waiting', 'approve', 'refuse'], load: async () => (await import('./commands/approval-commands.ts')).addApprovalCommands },
  { commands: ['cost'], load: async () => (await import('./commands/cost.ts')).addCostCommand },
  { commands: ['budget'], load: async () => (await import('./commands/budget.ts')).addBudgetCommand },
  { commands: ['doctor'], load: async () => (await import('./commands/doctor.ts')).addDoctorCommand },
  { commands: ['stack'], load: async () => (await import('./commands/stack.ts')).addStackCommands },
  { commands: ['worker'], load: async () => (await import('./commands/worker.ts')).addWorkerCommand },
  { commands: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
  { commands: ['keys'], load: async () => (await import('./commands/keys.ts')).addKeysCommand },
  { commands: ['replay'], load: async () => (await import('./commands/replay.ts')).addReplayCommand },
  { commands: ['deploy'], load: async () => (await import('./commands/deploy.ts')).addDeployCommand },
  { commands: ['migrate'], load: async () => (await import('./commands/migrate.ts')).addMigrateCommand },
  { commands: ['reindex'], load: async () => (await import('./commands/reindex.ts')).addReindexCommand },
  { commands: ['simulated-model'], load: async () => (await import('./commands/simulated-model.ts')).addSimulatedModelCommand },
  { commands: ['encryption-key', 'reencrypt', 'codec-server'], load: async () => (await import('./commands/encryption.ts')).addEncryptionCommands },
]
