import { blockOf, type Situation } from './situation.ts'
import { linesOf } from './blocks.ts'
import { listed } from './phrases.ts'
import { aboutUser } from './recollect.ts'
import { allWordsOf, pick, plain } from './words.ts'

type Talk = readonly [pattern: RegExp, answer: (situation: Situation, seed: string) => string]

const talks: readonly Talk[] = [
  [/\bwhat do you (?:still )?(?:know|remember) (?:about|of) me\b|\btell me (?:what you know )?about (?:me|myself)\b/, whatIKnow],
  [/\b(?:who are you|what(?:'s| is) your name|what are you called|tell me about yourself)\b/, whoIAm],
  [
    /\b(?:how are you|how do you do|how's it going|what's up)\b/,
    (situation, seed) =>
      pick(
        [`I am well, thank you${byName(situation)}. How are you?`, `All is well here${byName(situation)}, and my memory is in order. And you?`],
        seed,
      ),
  ],
  [
    /\bwhat can you do\b|^help\b/,
    () => 'I remember what you tell me, for as long as you like: tell me about yourself, ask me to remember things, and ask me about them later.',
  ],
  [
    /\b(?:thanks|thank you|cheers)\b/,
    (situation, seed) => pick([`You are welcome${byName(situation)}.`, `Any time${byName(situation)}.`, 'Gladly.'], seed),
  ],
  [
    /\b(?:bye|goodbye|good night|see you)\b/,
    (situation, seed) =>
      pick(
        [`Goodbye${byName(situation)}. I will be here, and I will remember.`, `See you${byName(situation)}. Nothing you told me gets lost.`],
        seed,
      ),
  ],
  [/^(?:hi|hello|hey|good (?:morning|evening|afternoon|day))\b/, greeting],
]

export const isSmallTalk = (text: string): boolean => talkFor(text) !== undefined

/** A friendly answer to a text that is neither a fact nor a question, always the same for the same text. */
export function smallTalk(situation: Situation, text: string): string {
  return talkFor(text)?.[1](situation, text) ?? musing(situation, text)
}

export function userName(situation: Situation): string | undefined {
  return linesOf(blockOf(situation, 'human'))
    .map((line) => /^(?:First )?Name: (.+)$/i.exec(line)?.[1])
    .find((name) => name !== undefined)
}

export function greeting(situation: Situation, seed: string): string {
  const name = userName(situation)
  return name === undefined
    ? pick(['Hello! What is your name?', 'Hello there. We have not met, I think: what should I call you?'], seed)
    : pick([`Hello ${name}! Good to hear from you.`, `Hello again, ${name}.`, `Hi ${name}, what is on your mind?`], seed)
}

/** A greeting or thanks is small talk only while there is not much more to it. */
function talkFor(text: string): Talk | undefined {
  const low = plain(text)
  return talks.find(([pattern], index) => pattern.test(low) && (index < 4 || allWordsOf(text).length <= 6))
}

function whatIKnow(situation: Situation): string {
  const known = aboutUser(situation)
  return known.length === 0 ? 'Not much yet. Tell me something about yourself, and I will remember it.' : `I know that ${listed(known)}.`
}

function whoIAm(situation: Situation): string {
  const persona = blockOf(situation, 'persona')?.value.trim() ?? ''
  return persona === '' ? 'I am an agent with a long memory.' : persona.split('\n').map((line) => line.trim()).join(' ')
}

function musing(situation: Situation, seed: string): string {
  return pick(
    [
      `I see${byName(situation)}. Tell me more.`,
      `That is interesting${byName(situation)}. What happened next?`,
      `I have it in our conversation now${byName(situation)}. Ask me about it whenever you like.`,
      `Thank you for telling me${byName(situation)}.`,
    ],
    seed,
  )
}

function byName(situation: Situation): string {
  const name = userName(situation)
  return name === undefined ? '' : `, ${name}`
}
