import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { StoredAgent } from '../../index.ts'
import { innerId } from '../../protocol/tenant.ts'
import { errorText } from '../output/error-text.ts'
import { exitStatus, type ExitStatus } from '../output/exit-status.ts'
import type { Running } from '../with-agents.ts'
import type { Chat } from './chat.ts'
import type { ChatConsole } from './console.ts'
import { mail } from './mail.ts'
import { openAgent, type WantedAgent } from './open-agent.ts'
import { openAwaited, openOutbox } from './outbox.ts'
import { runChat } from './run-chat.ts'
import { uiAddress, welcomeLines } from './welcome.ts'

export function newChat(place: Pick<Running, 'config' | 'connection'> & { readonly agent: StoredAgent; readonly console: ChatConsole; readonly thoughts: boolean }): Chat {
  const { config, connection, agent, console, thoughts } = place
  const folder = innerId(config.tenant, agent.key)
  const awaited = openAwaited(config.home, folder)
  return {
    agentId: agent.definition.id,
    key: agent.key,
    connection,
    console,
    outbox: openOutbox(config.home, folder),
    awaited,
    mail: mail((eventId) => awaited.remove(eventId)),
    refusedTexts: join(config.home, 'edits'),
    shown: { question: undefined, running: undefined, doing: '', parked: false },
    thoughts,
    failed: false,
    leaving: undefined,
  }
}

/** One conversation after the other, until one is left for good. */
export async function talk({ config, stack, connection, wanted, console, thoughts }: Running & {
  readonly config: Config
  readonly wanted: WantedAgent
  readonly console: ChatConsole
  readonly thoughts: boolean
}): Promise<ExitStatus> {
  const defaults = { model: config.model.name, contextWindow: config.model.contextWindow }
  let opened = await openAgent(connection.client, wanted, defaults)
  let failed = false
  let shown = thoughts
  try {
    for (;;) {
      const { created, agent } = opened
      console.remark(welcomeLines({ config, agent, created, uiAddress: uiAddress(stack, innerId(config.tenant, agent.key)), http: stack?.http, palette: console.palette }).join('\n'))
      const chat = newChat({ config, connection, agent, console, thoughts: shown })
      const { interrupted } = await runChat(chat, created)
      shown = chat.thoughts
      failed ||= chat.failed || chat.mail.waiting > 0
      const to = chat.leaving?.to
      if (to !== undefined) {
        try {
          opened = await openAgent(connection.client, { id: to }, defaults)
        } catch (error) {
          failed = true
          console.remark(console.palette.red(errorText(error, process.env, '')))
          opened = { created: false, agent }
        }
        continue
      }
      if (interrupted) return exitStatus.interrupted
      return failed && !console.interactive ? exitStatus.failure : exitStatus.ok
    }
  } finally {
    console.close()
  }
}
