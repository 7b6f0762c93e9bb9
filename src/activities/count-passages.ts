import { setTimeout as sleep } from 'node:timers/promises'
import { isUnanswered } from '../protocol/errors.ts'
import type { ArchivalStore } from '../stores/archival.ts'

/** A figure in the prompt is not worth more of a step's time. */
const withinMs = 2_000

/** Undefined while archival memory is away, or silent: an agent that can't look there can still think, and say so. */
export async function countPassages(archival: ArchivalStore, agentId: string): Promise<number | undefined> {
  const enough = new AbortController()
  try {
    return await Promise.race([archival.count(agentId), sleep(withinMs, undefined, { signal: enough.signal, ref: false })])
  } catch (error) {
    if (isUnanswered(error)) return undefined
    throw error
  } finally {
    enough.abort()
  }
}
