import { renameSync, rmSync } from 'node:fs'
import { random, type Random } from '../eval/harness/random.ts'
import type { EmbeddingSpace, Passage } from '../src/stores/archival.ts'
import { openDatabase } from '../src/stores/embedded/database.ts'
import { blobOf, claimSpace } from '../src/stores/embedded/embedding-space.ts'
import { indexPassage } from '../src/stores/embedded/index-passage.ts'
import type { EmbeddedDatabase } from '../src/stores/embedded/sql.ts'
import { termsOf } from '../src/stores/embedded/terms.ts'
import { messageForm, searchedTextOf } from '../src/stores/message-form.ts'
import type { StoredMessage } from '../src/protocol/messages.ts'

/** One agent has nearly all; another one's rows lie between, as they do in a file of several. */
export const agentId = 'large'
const otherAgent = 'other'
const otherShare = 50

export const space: EmbeddingSpace = { model: 'bench', dimensions: 384 }
const topics = 400
const vocabulary = 40_000
const atOnce = 20_000
const messagesOfTurn = 4
const begin = Date.parse('2020-01-01T00:00:00Z')
const betweenMessagesMs = 60_000

export const timeOf = (seq: number): string => new Date(begin + seq * betweenMessagesMs).toISOString()

export interface Sizes {
  readonly messages: number
  readonly passages: number
}

/**
 * Puts messages, turns, passages and exchanges into a file, by its tables and in large transactions: as the stores write them, without a commit and a call for
 * each. How often a word occurs follows Zipf's law, and passages lie about the middles of their topics.
 */
export async function fillMemory(file: string, { messages, passages }: Sizes): Promise<void> {
  // Under another name until it is whole: a later run would take what was broken off for the memory that it asks for.
  const draft = `${file}.draft`
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  const database = await openDatabase(draft)
  try {
    // What a power cut takes is only the benchmark's.
    database.rows('PRAGMA synchronous = OFF')
    const words = wordsOf(random(1))
    inSlices(database, messages, (seq) => insertMessage(database, messageAt(seq, words)))
    const vectors = vectorsOf(random(2))
    database.transaction(() => claimSpace(database, space))
    inSlices(database, passages, (number) => insertPassage(database, passageAt(number, words), vectors()))
    const meanings = vectorsOf(random(4))
    inSlices(database, exchangesOf(messages), (turn) => insertExchange(database, turn, meanings()))
    // Closing does not fold the log into the file as long as the driver has statements, and only the file gets the name.
    const mode = database.row('PRAGMA journal_mode = DELETE')?.['journal_mode']
    if (mode !== 'delete') throw new Error(`the log of ${draft} can't be folded into it`)
  } finally {
    database.close()
  }
  renameSync(draft, file)
}

function inSlices(database: EmbeddedDatabase, count: number, insert: (number: number) => void): void {
  for (let from = 1; from <= count; from += atOnce) {
    database.transaction(() => {
      for (let number = from; number < from + atOnce && number <= count; number += 1) insert(number)
    })
  }
}

/** What was said, a thought, the reply, and a tool's result, in turn. */
function messageAt(seq: number, words: (count?: number) => string): StoredMessage {
  const owner = seq % otherShare === 0 ? otherAgent : agentId
  const turn = Math.ceil(seq / messagesOfTurn)
  const of = { agentId: owner, op: `${owner}/${seq}`, seq, turn, step: 1, at: timeOf(seq), tokens: 20 }
  const place = seq % messagesOfTurn
  if (place === 1) return { ...of, role: 'user', kind: 'user-message', eventId: eventOf(turn), text: words() }
  if (place === 2) return { ...of, role: 'assistant', text: words() }
  if (place === 3) return { ...of, role: 'tool', text: 'sent', reply: words() }
  return { ...of, role: 'tool', text: words() }
}

export const eventOf = (turn: number): string => `event-${turn}`

function insertMessage(database: EmbeddedDatabase, message: StoredMessage): void {
  const { agentId: agent, op, seq, turn, at, role } = message
  const conversation = message.eventId !== undefined || message.reply !== undefined ? 1 : 0
  const [row] = database.rows(
    'INSERT INTO message (agent, op, seq, turn, at, role, conversation, popped, body) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?) RETURNING id',
    agent, op, seq, turn, Date.parse(at), role, conversation, JSON.stringify(messageForm(message)),
  )
  database.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', row?.['id'] ?? null, termsOf(agent, searchedTextOf(message)))
  if (message.eventId === undefined) return
  const outcome = { turn, eventId: message.eventId, end: 'done', steps: 1, reply: 'sent' }
  database.run('INSERT OR IGNORE INTO turn (agent, turn, event, body) VALUES (?, ?, ?, ?)', agent, turn, message.eventId, JSON.stringify(outcome))
}

function passageAt(number: number, words: (count?: number) => string): Passage {
  const owner = number % otherShare === 0 ? otherAgent : agentId
  return { agentId: owner, op: `${owner}/${number}`, text: words(120), tags: [`tag-${number % 50}`], source: `document-${number % 200}`, at: timeOf(number * 10) }
}

function insertPassage(database: EmbeddedDatabase, passage: Passage, vector: readonly number[]): void {
  const { agentId: agent, op, source, at, tags, text } = passage
  const [row] = database.rows(
    `INSERT INTO passage (agent, op, source, at, tags, vector, second_vector, body) VALUES (?, ?, ?, ?, ?, ?, x'', ?) RETURNING id`,
    agent, op, JSON.stringify(source), Date.parse(at), JSON.stringify(tags), blobOf(vector), JSON.stringify(passage),
  )
  indexPassage(database, Number(row?.['id']), termsOf(agent, text))
}

/** One of each turn, as if all had left the context. */
export const exchangesOf = (messages: number): number => Math.floor(messages / messagesOfTurn)

function insertExchange(database: EmbeddedDatabase, turn: number, vector: readonly number[]): void {
  const first = (turn - 1) * messagesOfTurn + 1
  database.run(
    'INSERT INTO exchange (agent, model, dimensions, first, part, last, at, vector) VALUES (?, ?, ?, ?, 0, ?, ?, ?)',
    agentId, space.model, space.dimensions, first, first + messagesOfTurn - 1, Date.parse(timeOf(first)), blobOf(vector),
  )
}

const syllables = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu', 'xa', 'we', 'yo']

/** The word of a rank: 1 is the most frequent. */
export function wordAt(rank: number): string {
  let word = ''
  for (let left = rank; left > 0; left = Math.floor(left / syllables.length)) word += syllables[left % syllables.length] ?? ''
  return `${word}q`
}

/** A rank by Zipf's law, in Mandelbrot's form. */
function rankOf(from: Random): number {
  const shift = 2.7
  return Math.min(vocabulary, Math.floor((1 + shift) * ((vocabulary + shift) / (1 + shift)) ** from.next() - shift))
}

/** Makes texts; of 6 to 24 words where no number is given. */
const wordsOf = (from: Random) => (count = 6 + from.below(19)): string => Array.from({ length: count }, () => wordAt(rankOf(from))).join(' ')

/** Makes vectors of length 1: the middle of a topic, and as much again that is the passage's own. */
export function vectorsOf(from: Random): () => number[] {
  const middlesFrom = random(3)
  const middles = Array.from({ length: topics }, () => unit(gaussians(middlesFrom)))
  return () => {
    const own = unit(gaussians(from))
    return unit(from.pick(middles).map((component, place) => component + (own[place] ?? 0)))
  }
}

function gaussians(from: Random): number[] {
  return Array.from({ length: space.dimensions }, () => Math.sqrt(-2 * Math.log(1 - from.next())) * Math.cos(2 * Math.PI * from.next()))
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return vector.map((component) => component / length)
}
