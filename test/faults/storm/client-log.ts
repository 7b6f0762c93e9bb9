import { existsSync, readFileSync } from 'node:fs'

export interface LogEntry {
  readonly what: 'sending' | 'accepted' | 'ended' | 'cancel' | 'approve' | 'refuse' | 'away' | 'error'
  readonly agentId: string
  /** Of an answer: the operation id of the call. */
  readonly eventId: string
  readonly text: string
  /** When it was written. */
  readonly at?: string
}

/** A line that its writer died over is not there. */
export function readLog(file: string): readonly LogEntry[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LogEntry]
      } catch {
        return []
      }
    })
}

export function unanswered(entries: readonly LogEntry[]): readonly LogEntry[] {
  const ended = new Set(entries.filter(({ what }) => what === 'ended').map(({ agentId, eventId }) => `${agentId}/${eventId}`))
  return entries.filter(({ what, agentId, eventId }) => what === 'sending' && !ended.has(`${agentId}/${eventId}`))
}
