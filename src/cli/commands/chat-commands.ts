import { join } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { makeHome } from '../../stack/home.ts'
import type { StackUse } from '../../stack/stack-settings.ts'
import { addChatOptions, wantedAgent, type AgentOptions } from '../input/agent-options.ts'
import type { ChatConsole } from '../chat/console.ts'
import type { WantedAgent } from '../chat/open-agent.ts'
import { pipedConsole } from '../chat/piped-console.ts'
import { plainConsole } from '../chat/plain-console.ts'
import { terminalConsole } from '../chat/terminal-console.ts'
import type { ExitStatus } from '../output/exit-status.ts'
import { withAgents, type Running, type Use } from '../with-agents.ts'

/** `chat`, and `start`: the same, except that without a terminal and without input it plays the demonstration. */
export function addChatCommands(program: Command): void {
  addChatOptions(program.command('start'))
    .description('brings up the local stack and opens a chat; without a terminal and without input it plays the demo')
    .action(async (options: AgentOptions) => {
      process.exitCode = await chat(options, { demoWithoutInput: true, use: 'stack' })
    })
  addChatOptions(program.command('chat'))
    .description('talks to an agent; comes back to one that lives. Piped input: one line, one message')
    .action(async (options: AgentOptions) => {
      process.exitCode = await chat(options, { demoWithoutInput: false, use: 'chat' })
    })
}

async function chat(options: AgentOptions, { demoWithoutInput, use }: { readonly demoWithoutInput: boolean; readonly use: StackUse }): Promise<ExitStatus> {
  const config = readConfig(process.env)
  const wanted = wantedAgent(options, config)
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  if (terminal) {
    const atTerminal = { worker: 'awaited', use } as const
    makeHome(config.home)
    const thoughts = options.quiet !== true
    const streams = { input: process.stdin, output: process.stdout }
    if (process.env.TERM === 'dumb') return withAgents(config, talking({ wanted, console: (running) => plainConsole({ ...streams, ...running }), thoughts }), atTerminal)
    const console = terminalConsole({ ...streams, historyFile: join(config.home, 'chat-history') })
    // As a terminal does it that keeps its keyboard: to all that were started together, `npm start` too.
    console.listen(() => process.kill(0, 'SIGINT'))
    return withAgents(config, talking({ wanted, console: () => console, thoughts }), atTerminal).finally(() => console.close())
  }
  const console = pipedConsole({ input: process.stdin, output: process.stdout, errors: process.stderr })
  if (demoWithoutInput && !(await console.hasInput())) return (await import('../demo/play-demo.ts')).playDemo(process.env)
  return withAgents(config, talking({ wanted, console: () => console, thoughts: options.thoughts === true }), { use })
}

/** What a conversation needs is loaded while the stack comes up; a failure is told where it is used. */
function talking({ wanted, console, thoughts }: { readonly wanted: WantedAgent; readonly console: (running: Running) => ChatConsole; readonly thoughts: boolean }): Use<ExitStatus> {
  const loading = import('../chat/talk.ts')
  loading.catch(() => undefined)
  return async (running) => (await loading).talk({ ...running, wanted, console: console(running), thoughts })
}
