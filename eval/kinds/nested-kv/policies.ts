import type { ChatModel } from '../../../src/model/model.ts'
import type { Situation } from '../../../src/simulated/situation.ts'
import { random, seedOf } from '../../harness/random.ts'
import { rulesModel, say, type RuleCall } from '../../harness/rules-model.ts'
import { keyIn, pairsIn } from './data.ts'

/**
 * Ways of looking up a nested key, as rules. They show what the machinery makes of a model that does so; they say nothing of
 * any language model.
 */
export const policies = {
  'rules: follow until it is no key': policy(() => true),
  'rules: stop early': policy((value) => random(seedOf('patience', value)).next() < patience),
  'rules: one lookup': policy(() => false),
} as const satisfies Readonly<Record<string, ChatModel>>

/** How often "stop early" makes sure of a value by looking it up as well. */
const patience = 0.6

function policy(looksFurther: (value: string) => boolean): ChatModel {
  return rulesModel((situation) => next(situation, looksFurther))
}

function next({ unanswered, calls }: Situation, looksFurther: (value: string) => boolean): RuleCall | undefined {
  const asked = keyIn(unanswered?.text ?? '')
  if (asked === undefined) return undefined
  const searches = calls.filter(({ name }) => name === 'archival_memory_search')
  const last = searches.at(-1)
  if (last === undefined) return search(asked)
  const wanted = typeof last.args.query === 'string' ? last.args.query : ''
  const value = pairsIn(last.result).find(([key]) => key === wanted)?.[1]
  if (value === undefined) return say(searches.length === 1 ? 'no such key' : wanted)
  return looksFurther(value) ? search(value) : say(value)
}

const search = (query: string): RuleCall => ['archival_memory_search', { query, request_heartbeat: true }]

/**
 * What a reader without memory can do who goes through the text once, from its beginning to its end: follow a value whose own
 * pair comes later.
 */
export const onePass: ChatModel = {
  complete: async ({ messages }) => {
    const text = messages.map(({ content }) => content).join('\n')
    let value = keyIn(text.slice(text.lastIndexOf('What is the value'))) ?? ''
    for (const [key, next] of pairsIn(text)) if (key === value) value = next
    return { text: value, toolCalls: [], finishReason: 'stop' }
  },
}
