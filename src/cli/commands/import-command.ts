import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { addNewAgentOptions, wantedAgent, type AgentOptions } from '../input/agent-options.ts'
import { readConversationFile } from '../input/conversation-file.ts'
import { counted } from '../output/text.ts'
import { withAgents } from '../with-agents.ts'

/** `import`: a conversation from elsewhere as the memory of a new agent. */
export function addImportCommand(program: Command): void {
  const command = program.command('import').argument('<file>', 'JSON Lines or a JSON list of {"role": "user" or "assistant", "text": …, "at": ISO 8601}')
  addNewAgentOptions(command, 'name of the new agent')
    .description('creates an agent that remembers a conversation which took place elsewhere, with its times')
    .action(importFile)
}

async function importFile(file: string, options: AgentOptions): Promise<void> {
  const config = readConfig(process.env)
  const wanted = wantedAgent(options, config)
  const messages = readConversationFile(file)
  await withAgents(config, async ({ connection: { client } }) => {
    const { name: model, contextWindow } = config.model
    await client.importConversation({ model, contextWindow, ...wanted }, messages)
    const [first, last] = [messages[0]?.at.slice(0, 10), messages.at(-1)?.at.slice(0, 10)]
    process.stdout.write(`${wanted.id} remembers ${counted(messages.length, 'message')} of ${first} to ${last}. Talk to it: perdure chat --agent ${wanted.id}\n`)
  })
}
