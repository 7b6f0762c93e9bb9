import type { ImportedMessage } from '../../../src/client/import-conversation.ts'
import { random, seedOf, type Random } from '../../harness/random.ts'
import { factsOf, type Fact } from '../facts.ts'

/** Five sessions of one person with an agent, days apart; somewhere in them facts were said, and a sixth session asks. */
export interface Sessions {
  readonly messages: readonly ImportedMessage[]
  readonly asked: readonly { readonly fact: Fact; readonly session: number }[]
}

export const sessionCount = 5
const exchangesPerSession = 12
const dayMs = 24 * 60 * 60 * 1_000
const minuteMs = 60 * 1_000
const beginning = Date.UTC(2024, 2, 4, 18)

const smallTalk: readonly (readonly [user: string, agent: string])[] = [
  ['The train was late again this morning.', 'Trains have a mind of their own. Did you make it in time?'],
  ['We had soup for lunch, with too much pepper.', 'Pepper has that way about it. Bread helps.'],
  ['The neighbours are painting their fence, all day long.', 'At least the fence will look new.'],
  ['It rained so hard that the cat refused to go out.', 'A wise cat. Rain is best heard from inside.'],
  ['The meeting could have been a letter.', 'Most could. What was it about?'],
  ['My bicycle squeaks, and oil does not help.', 'Perhaps the saddle, not the chain?'],
  ['There was a street musician with a saw today.', 'A singing saw is a rare thing to hear.'],
  ['The bakery has run out of rye bread by nine.', 'Then it must be good rye bread.'],
  ['Somebody left an umbrella in the hall, a red one.', 'It will find its way home, umbrellas do.'],
  ['The lift is broken, so stairs it is.', 'Stairs keep one young, they say.'],
  ['A pigeon sat on the window sill all afternoon.', 'It must like the view.'],
  ['The coffee machine makes tea now, nobody knows why.', 'Perhaps it was tired of coffee.'],
]

export function sessionsOf(seed: number, conversation: number): Sessions {
  const chance = random(seedOf('dmr', seed, conversation))
  const facts = factsOf(seedOf(seed, conversation), 4)
  const places = chance.shuffled(Array.from({ length: sessionCount - 1 }, (_, session) => session)).slice(0, facts.length)
  const asked = facts.map((fact, index) => ({ fact, session: places[index] ?? 0 }))
  const messages = Array.from({ length: sessionCount }, (_, session) => sessionAt(session, asked.filter((said) => said.session === session).map(({ fact }) => fact), chance)).flat()
  return { messages, asked }
}

function sessionAt(session: number, facts: readonly Fact[], chance: Random): ImportedMessage[] {
  const talk = chance.shuffled(smallTalk).slice(0, exchangesPerSession - facts.length)
  const told = facts.map(({ statement }) => [statement, 'Good to know.'] as const)
  const exchanges = chance.shuffled([...talk, ...told])
  const start = beginning + session * 6 * dayMs
  return exchanges.flatMap(([user, agent], index): ImportedMessage[] => {
    const at = (seconds: number): string => new Date(start + index * 2 * minuteMs + seconds * 1_000).toISOString()
    return [
      { role: 'user', text: user, at: at(0) },
      { role: 'assistant', text: agent, at: at(20) },
    ]
  })
}
