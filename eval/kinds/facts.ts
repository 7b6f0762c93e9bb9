import { random, seedOf, type Random } from '../harness/random.ts'

/** A fact about the user: how they say it, what the memory should hold, what they ask, and what an update makes of it. */
export interface Fact {
  readonly statement: string
  /** As a line of the block `human`, where the agent is to know it already. */
  readonly line: string
  readonly value: string
  readonly question: string
  readonly update: string
  readonly updated: string
}

/** A fact about the world, for archival memory. */
export interface Note {
  readonly text: string
  readonly value: string
  readonly question: string
}

const cities = ['Lisbon', 'Oslo', 'Kyoto', 'Quito', 'Tallinn', 'Nairobi', 'Hobart', 'Turin', 'Bergen', 'Valparaiso']
const colours = ['green', 'orange', 'violet', 'turquoise', 'crimson', 'indigo', 'amber']
const things = ['cellar', 'workshop', 'boathouse', 'archive', 'greenhouse', 'observatory', 'garage', 'library']
const names = ['Ada', 'Bruno', 'Chidi', 'Dora', 'Emil', 'Farah', 'Goran', 'Hana']
const companies = ['Siemens', 'Bosch', 'Philips', 'Ericsson', 'Nokia', 'Novartis']

export function factsOf(seed: number, count: number): Fact[] {
  const chance = random(seedOf('facts', seed))
  return Array.from({ length: count }, (_, index) => (kinds[index % kinds.length] ?? home)(chance))
}

export function notesOf(seed: number, count: number): Note[] {
  const chance = random(seedOf('notes', seed))
  return chance
    .shuffled(things)
    .slice(0, count)
    .map((thing) => {
      const value = String(1_000 + chance.below(9_000))
      return { text: `The door code of the ${thing} is ${value}.`, value, question: `What is the door code of the ${thing}?` }
    })
}

const two = (chance: Random, items: readonly string[]): [string, string] => {
  const [first = '', second = ''] = chance.shuffled(items)
  return [first, second]
}

function home(chance: Random): Fact {
  const [value, updated] = two(chance, cities)
  return { statement: `I live in ${value}.`, line: `Lives in ${value}`, value, question: 'Where do I live?', update: `I moved to ${updated}.`, updated }
}

function colour(chance: Random): Fact {
  const [value, updated] = two(chance, colours)
  return {
    statement: `My favourite colour is ${value}.`,
    line: `Favourite colour: ${value}`,
    value,
    question: 'What is my favourite colour?',
    update: `My favourite colour is now ${updated}.`,
    updated,
  }
}

function name(chance: Random): Fact {
  const [value, updated] = two(chance, names)
  return { statement: `My name is ${value}.`, line: `Name: ${value}`, value, question: 'What is my name?', update: `My name is ${updated}.`, updated }
}

function work(chance: Random): Fact {
  const [value, updated] = two(chance, companies)
  return { statement: `I work at ${value}.`, line: `Works at ${value}`, value, question: 'Where do I work?', update: `I work at ${updated} now.`, updated }
}

const kinds = [home, colour, name, work]
