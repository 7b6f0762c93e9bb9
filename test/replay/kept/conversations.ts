import { ModelError } from '../../../src/model/model-error.ts'
import { call, fail, hang, rawCall, say, scriptedModel, simulatedModel, think } from '../../../src/testing.ts'
import { defaults } from '../../../src/protocol/definition.ts'
import { conversationOf } from '../../workflows/long-conversation/messages.ts'
import { until, type KeptConversation } from './kept-conversation.ts'
import { outsideTools } from './tools.ts'

/** One for each way that a turn, and what comes between turns, can take through the workflow. */
export const keptConversations: readonly KeptConversation[] = [
  {
    name: 'long-conversation',
    model: simulatedModel,
    contextWindow: 4_000,
    play: async ({ client, agentId }) => {
      const texts = ['The code word for the harbour gate is heron-42.', ...conversationOf({ turns: 58, seed: 11 }), 'What is the code word for the harbour gate?']
      for (const text of texts) await client.send(agentId, text)
    },
  },
  {
    name: 'parallel-calls',
    tools: outsideTools,
    model: () =>
      scriptedModel([
        [
          call('read_gauge', { gauge: 'barometer' }, { heartbeat: true }),
          call('core_memory_append', { label: 'human', content: 'Watches the barometer.' }, { heartbeat: true }),
          call('read_gauge', { gauge: 'thermometer' }),
          say('Let me look at both instruments.'),
        ],
        say('Both stand at seventeen.'),
        [call('archival_memory_insert', { content: 'Seventeen on both instruments.' }), say('Written into the logbook.')],
      ]),
    play: async ({ client, agentId }) => {
      await client.send(agentId, 'How are the barometer and the thermometer?')
      await client.send(agentId, 'Write that into the logbook, please.')
    },
  },
  {
    name: 'failed-and-malformed-calls',
    tools: outsideTools,
    model: () =>
      scriptedModel([
        call('open_valve', { valve: 'starboard' }, { heartbeat: true }),
        call('core_memory_replace', { label: 'human', old_content: 'Plays the oboe', new_content: 'Plays the cello' }),
        rawCall('send_message', '{"message": "I am not even'),
        call('cancel_message', { melody: 'an old shanty' }),
        think('Perhaps plain words reach somebody.'),
        say('The starboard valve is rusted shut, I fear.'),
        think('Nobody hears this.'),
        think('Nor this.'),
        think('Nor that.'),
      ]),
    play: async ({ client, agentId }) => {
      await client.send(agentId, 'Open the starboard valve and whistle a melody.')
      await client.send(agentId, 'Can anybody hear you?')
    },
  },
  {
    name: 'cancelled-in-inference',
    model: () => scriptedModel([hang(), say('Gladly, something shorter then.')]),
    play: async (agent) => {
      const { client, agentId } = agent
      const { eventId } = await client.post(agentId, 'Recite the whole shipping forecast.')
      await until(agent, 'thinking')
      await client.cancel(agentId)
      await client.outcome(agentId, eventId)
      await client.send(agentId, 'Never mind the forecast.')
    },
  },
  {
    name: 'parked-and-resumed',
    model: () => scriptedModel([fail(new ModelError('refused', 'the key was refused')), say('Good morning to the whole crew.')]),
    play: async (agent) => {
      const { client, agentId } = agent
      const { eventId } = await client.post(agentId, 'Good morning from the crew.')
      await until(agent, 'parked')
      await client.resume(agentId)
      await until(agent, 'idle')
      await client.outcome(agentId, eventId)
    },
  },
  {
    name: 'save-pop-load',
    model: () => scriptedModel([say('Ahoy, captain.'), say('Blue paint suits her.'), say('Red paint, why not.')]),
    play: async ({ client, agentId }) => {
      await client.send(agentId, 'Ahoy there.')
      await client.command(agentId, { type: 'save', name: 'before-refit' })
      await client.send(agentId, 'Shall we paint the boat blue?')
      await client.command(agentId, { type: 'pop' })
      await client.send(agentId, 'Shall we paint the boat red?')
      await client.command(agentId, { type: 'load', name: 'before-refit' })
    },
  },
  {
    name: 'signals-in-a-row',
    model: () => scriptedModel([], { afterwards: say('Understood, skipper.') }),
    play: async (agent) => {
      const { client, agentId } = agent
      const sent = await Promise.all(['Hoist the mainsail.', 'Trim the jib.', 'Mind the boom.'].map((text) => client.signal(agentId, text)))
      await client.signal(agentId, '', { kind: 'login' })
      for (const { eventId } of sent) await client.outcome(agentId, eventId)
      await until(agent, 'idle')
    },
  },
  {
    name: 'resent-messages',
    model: () => scriptedModel([], { afterwards: say('Twice is enough.') }),
    play: async ({ client, agentId }) => {
      const twice = ['first', 'first', 'second'].map((eventId) => client.send(agentId, `This is the ${eventId} postcard.`, { eventId }))
      await Promise.all(twice)
      await client.send(agentId, 'This is the first postcard.', { eventId: 'first' })
    },
  },
]

/** What agents of kept conversations may call: the built-in tools, and those of the conversation. */
export const toolNamesFor = ({ tools = [] }: KeptConversation): string[] => [...defaults.tools, ...tools.map(({ name }) => name)]
