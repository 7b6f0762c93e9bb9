import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../../stack/write-atomically.ts'
import { eventKinds } from '../../protocol/events.ts'

const messageSchema = z.object({ eventId: z.string(), kind: z.enum(eventKinds), text: z.string(), at: z.string() })

export type OutgoingMessage = z.infer<typeof messageSchema>

/**
 * What a chat is sending, kept in files until its turn has come to something: a chat that is killed before the agent has accepted
 * a message sends it at the next start. Under the same event id, so a message that did arrive is not there twice.
 */
export interface Outbox {
  put(message: OutgoingMessage): void
  remove(eventId: string): void
  /** Oldest first. */
  waiting(): OutgoingMessage[]
  clear(): void
}

export const openOutbox = (home: string, agentId: string): Outbox => messagesIn(join(home, 'outbox', agentId))

/** What a chat has sent and has not shown the answer of: whoever comes back after an end of any kind is shown it then. */
export const openAwaited = (home: string, agentId: string): Outbox => messagesIn(join(home, 'awaited', agentId))

function messagesIn(folder: string): Outbox {
  const fileOf = (eventId: string): string => join(folder, `${encodeURIComponent(eventId)}.json`)
  return {
    put: (message) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeAtomically(fileOf(message.eventId), JSON.stringify(message))
    },
    remove: (eventId) => rmSync(fileOf(eventId), { force: true }),
    waiting: () =>
      filesIn(folder)
        .flatMap((name) => messageIn(join(folder, name)) ?? [])
        .sort((a, b) => a.at.localeCompare(b.at)),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

/** A file that another chat has just removed, or that is none of ours, is no message. */
function messageIn(file: string): OutgoingMessage | undefined {
  try {
    return messageSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
