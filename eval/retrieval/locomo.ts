import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ImportedMessage } from '../../src/client/import-conversation.ts'
import { messageOf, PerdureError } from '../../src/protocol/errors.ts'

/** The part in use of `locomo10.json` (https://github.com/snap-research/locomo), which the user supplies: its licence forbids to ship it. */
const fileShape = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(
      z.object({
        question: z.string(),
        answer: z.union([z.string(), z.number()]).optional(),
        evidence: z.array(z.string()).default([]),
        category: z.int(),
      }),
    ),
  }),
)
const turnsShape = z.array(z.object({ speaker: z.string(), dia_id: z.string(), text: z.string().default('') }))

export interface Conversation {
  readonly id: string
  readonly messages: readonly ImportedMessage[]
  /** Dialogue ids, in the order of `messages`. */
  readonly dialogueIds: readonly string[]
  readonly questions: readonly { readonly text: string; readonly evidence: readonly string[]; readonly category: number }[]
}

/** @throws PerdureError `file-unreadable` for a file that is not there, no JSON, or of another shape */
export async function readLocomo(path: string): Promise<readonly Conversation[]> {
  const bad = (what: string): PerdureError => new PerdureError('file-unreadable', `${path} ${what}; it should be LoCoMo's locomo10.json`)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw bad(`can't be read (${messageOf(error)})`)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw bad(`is not JSON (${messageOf(error).slice(0, 120)})`)
  }
  const parsed = fileShape.safeParse(json)
  if (!parsed.success) throw bad(`has another shape (${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''})`)
  return parsed.data.map(({ sample_id, conversation, qa }) => {
    const turns = sessionsIn(conversation, bad)
    return {
      id: sample_id,
      messages: turns.map(({ message }) => message),
      dialogueIds: turns.map(({ id }) => id),
      questions: qa.map(({ question, evidence, category }) => ({ text: question, category, evidence: evidence.flatMap(dialogueIdsIn) })),
    }
  })
}

function sessionsIn(conversation: Readonly<Record<string, unknown>>, bad: (what: string) => PerdureError): { readonly id: string; readonly message: ImportedMessage }[] {
  const names = Object.keys(conversation).filter((name) => /^session_\d+$/.test(name))
  if (names.length === 0) throw bad('has a conversation without sessions')
  const [, second] = ['speaker_a', 'speaker_b'].map((name) => conversation[name])
  return names
    .toSorted((a, b) => Number(a.slice(8)) - Number(b.slice(8)))
    .flatMap((name) => {
      const turns = turnsShape.safeParse(conversation[name])
      if (!turns.success) throw bad(`has a ${name} of another shape`)
      const start = timeIn(conversation[`${name}_date_time`])
      if (start === undefined) throw bad(`says no time of ${name}`)
      return turns.data
        .filter(({ text }) => text.trim() !== '')
        .map(({ speaker, dia_id, text }, index) => ({
          id: dialogueIdsIn(dia_id)[0] ?? dia_id,
          message: { role: speaker === second ? ('assistant' as const) : ('user' as const), text: `${speaker}: ${text}`, at: new Date(start + index * 1_000).toISOString() },
        }))
    })
}

/** The file writes `D30:05` for `D30:5` and `D:11:26` for `D11:26` at times, and several in one text: `D8:6; D9:17`. */
export const dialogueIdsIn = (text: string): readonly string[] => Array.from(text.matchAll(/D:?(\d+):(\d+)/g), ([, session, turn]) => `D${Number(session)}:${Number(turn)}`)

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

/** `1:56 pm on 8 May, 2023`, read as UTC: the file names no zone. */
export function timeIn(text: unknown): number | undefined {
  const parts = typeof text === 'string' ? /^(\d{1,2}):(\d{2}) ?([ap])m on (\d{1,2}) (\w+),? (\d{4})$/i.exec(text.trim()) : null
  if (parts === null) return undefined
  const [, hour, minute, half, day, month = '', year] = parts
  const index = months.indexOf(month.toLowerCase())
  if (index < 0) return undefined
  return Date.UTC(Number(year), index, Number(day), (Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0), Number(minute))
}
