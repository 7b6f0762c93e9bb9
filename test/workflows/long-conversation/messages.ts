import { seeded, type Seeded } from './seeded.ts'

type Choices = readonly [string, ...string[]]

/** What a person tells of themselves: the simulated model keeps it in core memory. */
const facts: Choices = [
  'My name is Marit.',
  'I live in Bergen.',
  'I work as a boat builder.',
  'I have a dog called Skipper.',
  'My sister is a nurse.',
  'I like rye bread and black coffee.',
  'My favourite colour is moss green.',
  'I am allergic to hazelnuts.',
  'My birthday is on the ninth of April.',
  'I hate karaoke.',
  'My brother is called Olav.',
  'I moved to Trondheim.',
  'My favourite song is an old shanty about rain.',
]

const notes: Choices = [
  'Remember that the varnish has to dry for two days.',
  'Please note: the sailmaker is closed on Mondays.',
  "Don't forget that the spare anchor lies behind the shed.",
  'Remember that the tide tables hang beside the stove.',
]

const questions: Choices = [
  'What is my name?',
  'Where do I live?',
  'What is my dog called?',
  'What am I allergic to?',
  'What is my favourite colour?',
  'When is my birthday?',
  'How long does the varnish have to dry?',
  'Where does the spare anchor lie?',
  'What do you know about me?',
  'Which engine did the ferry captain ask about?',
]

const smallTalk: Choices = ['Good morning!', 'How are you?', 'Thanks, that helps.', 'Good night, see you.', 'Hello again.', 'What can you do?']

const people: Choices = ['the ferry captain', 'our neighbour Ingrid', 'a tourist from Lyon', 'the baker', 'old Henrik', 'the postwoman', 'a student with a cello']
const deeds: Choices = ['asked about', 'told me a long story about', 'brought back', 'wanted to borrow', 'complained about', 'took a photograph of', 'repaired']
const things: Choices = ['the green rowing boat', 'a broken oar', 'the noise of the pumps', 'my grandmother\'s compass', 'the new lighthouse lamp', 'a crate of mussels', 'the two-stroke engine']
const weathers: Choices = ['while it rained', 'in thick fog', 'under a clear sky', 'as the wind turned north', 'before the first snow', 'in the heat of noon', 'just after the storm']
const feelings: Choices = ['I found that rather funny', 'It kept me busy until supper', 'Nobody knew what to say', 'I had to laugh', 'It made me think of my school days', 'We shared a pot of soup afterwards']

/**
 * A conversation of so many messages, the same in every run: what happened, what is to be kept, questions about it, small talk.
 * Every message of daily life has a number in it, so that no two messages of a run are the same by accident.
 */
export function conversationOf({ turns, seed }: { readonly turns: number; readonly seed: number }): readonly string[] {
  const chance = seeded(seed)
  return Array.from({ length: turns }, (_, index) => messageAt(index + 1, chance))
}

function messageAt(day: number, chance: Seeded): string {
  const kind = chance.below(100)
  if (kind < 10) return chance.pick(facts)
  if (kind < 14) return chance.pick(notes)
  if (kind < 28) return chance.pick(questions)
  if (kind < 36) return chance.pick(smallTalk)
  return dailyLife(day, chance)
}

function dailyLife(day: number, chance: Seeded): string {
  const event = `On day ${day} ${chance.pick(people)} ${chance.pick(deeds)} ${chance.pick(things)} ${chance.pick(weathers)}.`
  const feeling = chance.below(2) === 0 ? '' : ` ${chance.pick(feelings)}.`
  const price = chance.below(3) === 0 ? ` It cost ${chance.below(900) + 20} crowns in the end.` : ''
  return `${event}${feeling}${price}`
}
