import { followAgent } from '../chat/follow-agent.ts'
import { newChat } from '../chat/talk.ts'
import { uiAddress } from '../chat/welcome.ts'
import { exitStatus, type ExitStatus } from '../output/exit-status.ts'
import type { Running } from '../with-agents.ts'
import { archivalMemory, coreMemory, killedWorker, lookingThingsUp, memoryPressure } from './scenes.ts'
import { createStage, demoConsole, type Stage } from './stage.ts'
import { tally } from './tally.ts'

/** Small, so that it fills within the demonstration. */
const contextWindow = 4_000

/** Plays the demonstration; fails where its account at the end does not come out. */
export async function play({ config, stack, connection }: Running): Promise<ExitStatus> {
  const console = demoConsole(process.stdout)
  const { palette } = console
  const agentId = `demo-${Date.now().toString(36)}`
  const { agent } = await connection.client.create({ id: agentId, model: config.model.name, contextWindow })
  const chat = newChat({ config, connection, agent, console, thoughts: true })
  const following = new AbortController()
  void followAgent(chat, undefined, following.signal)
  const stage = createStage(chat)
  const ui = uiAddress(stack, agent.key)
  stage.say(palette.bold('A demonstration of Perdure'))
  stage.say(`The user is a script, and the model is simulated (rules, no language model). Servers, worker, agent and memory are real.`)
  stage.say(palette.dim(`agent ${agentId}, window of ${contextWindow.toLocaleString('en-US')} tokens · inner thoughts ·, tool calls →, results ←${ui === undefined ? '' : `\nTemporal UI, while this runs: ${ui}`}`))

  await coreMemory(stage)
  await archivalMemory(stage)
  await memoryPressure(stage)
  await lookingThingsUp(stage)
  await killedWorker(stage, config)
  following.abort()
  return account(stage)
}

async function account(stage: Stage): Promise<ExitStatus> {
  const { chat, sent } = stage
  const { agentId, key, connection, console } = chat
  const { green, red, bold } = console.palette
  stage.heading('The account, counted in the stores')
  const { turns } = connection.stores.memory
  const [messages, outcomes] = await Promise.all([connection.client.messages(agentId), Promise.all(sent.map((eventId) => turns.byEvent(key, eventId)))])
  const lines = tally({ sent, messages, outcomes })
  for (const { text, holds } of lines) stage.say(`  ${holds ? green('✓') : red('✗')} ${text}`)
  stage.say(
    `\n${bold('What next')}\n` +
      '  npm start                       a chat with an agent of your own; it lives on when you leave\n' +
      '  OPENAI_API_KEY=… npm start      the same with a real model; OPENAI_BASE_URL for any compatible endpoint\n' +
      '  npm run perdure -- --help       all commands',
  )
  return lines.every(({ holds }) => holds) && !chat.failed ? exitStatus.ok : exitStatus.failure
}
