import { join } from 'node:path'
import type { Command } from 'commander'
import { readConfig, type Config } from '../../config/config.ts'
import { makeHome } from '../../stack/home.ts'
import { addAgentOptions, wantedAgent, type AgentOptions } from '../input/agent-options.ts'
import type { Chat } from '../chat/chat.ts'
import type { ChatConsole } from '../chat/console.ts'
import { openAgent, type WantedAgent } from '../chat/open-agent.ts'
import { pipedConsole } from '../chat/piped-console.ts'
import { openOutbox } from '../chat/outbox.ts'
import { openConversation } from '../chat/open-conversation.ts'
import { runChat } from '../chat/run-chat.ts'
import { terminalConsole } from '../chat/terminal-console.ts'
import { uiAddress, welcomeLines } from '../chat/welcome.ts'
import { playDemo } from '../demo/play-demo.ts'
import type { ExitStatus } from '../output/exit-status.ts'
import { withAgents, type Running } from '../with-agents.ts'

/** `chat`, and `start`: the same, except that without a terminal and without input it plays the demonstration. */
export function addChatCommands(program: Command): void {
  addAgentOptions(program.command('start'))
    .description('brings up the local stack and opens a chat; without a terminal and without input it plays the demo')
    .action(async (options: AgentOptions) => {
      process.exitCode = await chat(options, { demoWithoutInput: true })
    })
  addAgentOptions(program.command('chat'))
    .description('talks to an agent; comes back to one that lives. Piped input: one line, one message')
    .action(async (options: AgentOptions) => {
      process.exitCode = await chat(options, { demoWithoutInput: false })
    })
}

async function chat(options: AgentOptions, { demoWithoutInput }: { readonly demoWithoutInput: boolean }): Promise<ExitStatus> {
  const config = readConfig(process.env)
  const wanted = wantedAgent(options, config)
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  if (terminal) {
    return withAgents(config, async (running) => {
      makeHome(config.home)
      const console = terminalConsole({ input: process.stdin, output: process.stdout, historyFile: join(config.home, 'chat-history') })
      return converse({ ...running, wanted, console, thoughts: options.quiet !== true })
    }, { worker: 'awaited' })
  }
  const console = pipedConsole({ input: process.stdin, output: process.stdout, errors: process.stderr })
  if (demoWithoutInput && !(await console.hasInput())) return playDemo(process.env)
  return withAgents(config, (running) => converse({ ...running, wanted, console, thoughts: options.thoughts === true }))
}

async function converse({ config, stack, connection, wanted, console, thoughts }: Running & {
  readonly config: Config
  readonly wanted: WantedAgent
  readonly console: ChatConsole
  readonly thoughts: boolean
}): Promise<ExitStatus> {
  try {
    const { model } = config
    const { created, agent } = await openAgent(connection.client, wanted, { model: model.name, contextWindow: model.contextWindow })
    const agentId = agent.definition.id
    const lines = welcomeLines({ config, agent, created, uiAddress: uiAddress(stack, agent.key), palette: console.palette })
    console.remark(lines.join('\n'))
    const chat: Chat = { agentId, key: agent.key, connection, console, outbox: openOutbox(config.home, agent.key), sent: new Set(), shown: new Set(), standing: new Map(), thoughts, failed: false, leaving: false }
    return await runChat(chat, () => openConversation(chat, created))
  } finally {
    console.close()
  }
}
