import { InvalidArgumentError, type Command } from 'commander'
import type { Config } from '../../config/config.ts'
import type { WantedAgent } from '../chat/open-agent.ts'
import { readTextFile } from './text-file.ts'

export interface AgentOptions {
  readonly agent?: string
  readonly persona?: string
  readonly human?: string
  readonly model?: string
  readonly contextWindow?: number
  readonly approve?: string[]
  readonly quiet?: boolean
  readonly thoughts?: boolean
}

/**
 * The agent of somebody who names none. What a simulated model filled a memory with is nothing to go on from with a real one, so
 * the two have an agent each.
 */
export const usualAgent = (config: Config): string => (config.model.kind === 'simulated' ? 'simulated' : 'perdure')

/** Options of what talks to an agent: `start` and `chat`. */
export function addChatOptions(command: Command): Command {
  return addNewAgentOptions(command, 'which agent: one that lives, or a new one')
    .option('-q, --quiet', 'without inner thoughts and tool calls')
    .option('--thoughts', 'with inner thoughts and tool calls also where the output is no terminal')
}

/** Options of whatever may make an agent, an import too. */
export function addNewAgentOptions(command: Command, whichAgent: string): Command {
  return command
    .option('-a, --agent <name>', `${whichAgent} (default: perdure; with the simulated model: simulated)`)
    .option('--persona <file>', 'text file that says who a new agent is')
    .option('--human <file>', 'text file that says what a new agent knows of you')
    .option('--model <name>', 'language model of a new agent (default: PERDURE_MODEL)')
    .option('--context-window <tokens>', 'context window of a new agent (default: PERDURE_CONTEXT_WINDOW)', tokenCount)
    .option('--approve <tool>', 'a tool of a new agent whose calls you want to approve; may be given several times', collected)
}

/** @throws PerdureError `file-unreadable` */
export function wantedAgent(options: AgentOptions, config: Config): WantedAgent {
  const { agent = usualAgent(config), persona, human, model, contextWindow, approve } = options
  return {
    id: agent,
    ...(persona === undefined ? {} : { persona: readTextFile(persona, '--persona') }),
    ...(human === undefined ? {} : { human: readTextFile(human, '--human') }),
    ...(model === undefined ? {} : { model }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(approve === undefined ? {} : { approval: approve }),
  }
}

const collected = (value: string, earlier: string[] = []): string[] => [...earlier, value]

function tokenCount(value: string): number {
  if (!/^\d{1,8}$/.test(value)) throw new InvalidArgumentError('It is a number of tokens, like 32000.')
  return Number(value)
}
