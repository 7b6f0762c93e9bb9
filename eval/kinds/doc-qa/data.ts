import { random, seedOf } from '../../harness/random.ts'

/** A question, and documents of which one holds the answer. A search finds others before it, which say more of the question's words. */
export interface Library {
  readonly query: string
  readonly question: string
  readonly answer: string
  readonly documents: readonly string[]
}

/** Documents that the search is to find before the one with the answer. */
export const ranks = [1, 3, 8, 15, 30] as const
const others = 60

const subjects = ['harbour crane', 'glass furnace', 'signal tower', 'tide mill', 'paper press', 'salt works', 'rope walk', 'clock foundry']
const authors = ['Halvorsen', 'Okafor', 'Marchetti', 'Lindqvist', 'Tanaka', 'Abreu', 'Kowalska', 'Dunmore']
const remarks = [
  'was painted in the summer and painted again in the autumn',
  'has been visited by three commissions, none of which agreed',
  'stands on piles of oak that were driven in one winter',
  'employs eleven people and a dog, by the last count',
  'was photographed from the river by an unknown traveller',
  'closes at noon on market days, whatever the sign says',
]

export function libraryOf({ seed, rank, number }: { readonly seed: number; readonly rank: number; readonly number: number }): Library {
  const chance = random(seedOf('doc-qa', seed, rank, number))
  const [subject = '', ...otherSubjects] = chance.shuffled(subjects)
  const author = chance.pick(authors)
  const answer = `${String.fromCodePoint(65 + chance.below(26), 65 + chance.below(26))}-${1_000 + chance.below(9_000)}`
  const query = `inspection mark ${subject} ${author}`
  // Each says all words of the question more often than the document that answers it, and answers nothing.
  const before = Array.from(
    { length: rank - 1 },
    (_, index) =>
      `${author} on the ${subject}, note ${index + 1}: the inspection mark of the ${subject} is a matter of dispute; ${author} asks for the inspection mark again. ` +
      `The ${subject} ${chance.pick(remarks)}.`,
  )
  const holder =
    `Ledger of works. The ${subject} ${chance.pick(remarks)}, and ${chance.pick(remarks)}. The mark given to it is ${answer}. ` +
    `It ${chance.pick(remarks)}. Signed for the survey, with all that belongs to it, by the hand of ${author}.`
  const unrelated = Array.from({ length: others }, () => `Of the ${chance.pick(otherSubjects)}: it ${chance.pick(remarks)}. It also ${chance.pick(remarks)}.`)
  return { query, question: `What is the inspection mark of the ${subject}, according to ${author}?`, answer, documents: chance.shuffled([...before, holder, ...unrelated]) }
}

/** What an answer looks like, wherever it stands. */
export const markIn = (text: string): string | undefined => /\b[A-Z]{2}-\d{4}\b/.exec(text)?.[0]
