import { ModelError } from '../../../src/model/model-error.ts'
import { call, fail, hang, rawCall, say, scriptedModel, simulatedModel, think } from '../../../src/testing.ts'
import { defaults } from '../../../src/protocol/definition.ts'
import { conversationOf } from '../../workflows/long-conversation/messages.ts'
import { until, type KeptConversation } from './kept-conversation.ts'
import { outsideTools } from './tools.ts'
import { answerFirst, clientTools } from './waiting-calls.ts'

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
    name: 'ends-with-its-step',
    model: () =>
      scriptedModel([
        say('The tide is out until noon.'),
        [call('core_memory_append', { label: 'human', content: 'Sails at noon.' }), say('Noted for the voyage.')],
        [say('One moment, please.'), call('core_memory_replace', { label: 'human', old_content: 'Sails at midnight', new_content: 'Sails at dawn' })],
        say('Dawn is written nowhere, so nothing was replaced.'),
      ]),
    play: async ({ client, agentId }) => {
      await client.send(agentId, 'When does the tide turn?')
      await client.send(agentId, 'Remember when we sail.')
      await client.send(agentId, 'Put dawn in place of midnight.')
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
  {
    name: 'approved-refused-edited',
    agent: { approval: ['archival_memory_insert'] },
    model: () =>
      scriptedModel([
        [call('archival_memory_insert', { content: 'The anchor weighs ninety pounds.' }, { heartbeat: true }), call('archival_memory_insert', { content: 'The rudder squeaks.' })],
        call('archival_memory_insert', { content: 'The lantern burns whale oil.' }, { heartbeat: true }),
        say('The logbook has what you allowed.'),
      ], { afterwards: say('Aye, aye.') }),
    play: async (agent) => {
      const { client, agentId } = agent
      const { eventId } = await client.post(agentId, 'Write down what you know of the ship.')
      await answerFirst(agent, (op) => client.approve(agentId, op, { by: 'bosun' }))
      await answerFirst(agent, (op) => client.refuse(agentId, op, { reason: 'Everybody hears that anyway.' }))
      await client.post(agentId, 'Hurry along, sailor.')
      await answerFirst(agent, (op) => client.approve(agentId, op, { arguments: { content: 'The lantern burns paraffin.' } }))
      await client.outcome(agentId, eventId, { until: 'end' })
      await until(agent, 'idle')
    },
  },
  {
    name: 'tools-at-the-caller',
    agent: { clientTools },
    model: () => scriptedModel([[call('sound_depth', { place: 'off the pier' }, { heartbeat: true }), say('Sounding now.')], call('sound_depth', { place: 'amidships' }), say('Nobody answered.')]),
    play: async (agent) => {
      const { client, agentId } = agent
      const { eventId } = await client.post(agentId, 'How deep is the water?')
      await answerFirst(agent, (op) => client.answerCall(agentId, op, { text: 'Four fathoms and a half.' }))
      // The second one is cancelled while it waits.
      await answerFirst(agent, () => client.cancel(agentId))
      await client.outcome(agentId, eventId, { until: 'end' })
      await until(agent, 'idle')
    },
  },
  {
    name: 'timers',
    model: () => scriptedModel([], { afterwards: say('The watch has changed.') }),
    play: async (agent) => {
      const { client, agentId } = agent
      await client.schedule(agentId, { id: 't1', text: 'Ring in the next watch.', afterMs: 300, everyMs: 1_000, times: 2 })
      await client.schedule(agentId, { id: 't2', text: 'Scrub the deck.', afterMs: 3_600_000 })
      await client.send(agentId, 'Keep a sharp lookout.')
      await client.unschedule(agentId, 't2')
      while ((await client.state(agentId)).counters.turns < 3) await new Promise((resolve) => setTimeout(resolve, 50))
      await until(agent, 'idle')
    },
  },
  {
    name: 'budget-raised',
    agent: { agentBudget: { tokens: 1_500 } },
    model: () => scriptedModel([], { afterwards: say('Rum for everybody.') }),
    play: async (agent) => {
      const { client, agentId } = agent
      await client.post(agentId, 'How much rum is left?')
      await client.post(agentId, 'And how much biscuit?')
      await until(agent, 'parked')
      await client.setBudget(agentId, { agent: { tokens: 1_000_000 } })
      await until(agent, 'idle')
    },
  },
]

/** What agents of kept conversations may call: the built-in tools, and those of the conversation. */
export const toolNamesFor = ({ tools = [] }: KeptConversation): string[] => [...defaults.tools, ...tools.map(({ name }) => name)]
