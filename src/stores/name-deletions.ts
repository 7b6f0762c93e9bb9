import { generationOf, isLaterKey } from '../protocol/agent-key.ts'
import type { LeavingAgent } from './agents.ts'

/** That a command has deleted, or helped to delete, the agent of a name with this generation. It outlives the agent: the command's id is kept as it was given. */
export interface NameDeletion {
  readonly generation: number
  readonly command: string
}

/** So many are kept of a name: the latest. */
export const deletionsKept = 50

/** With another one, unless it is there. */
export function withDeletion(known: readonly NameDeletion[], { generation, command }: NameDeletion): readonly NameDeletion[] {
  return known.some((one) => one.generation === generation && one.command === command) ? known : [...known, { generation, command }].slice(-deletionsKept)
}

interface Sought {
  readonly lineOrKey: string
  readonly command: string
  /** The agents of that line whose deletion is not finished. */
  readonly leaving: readonly LeavingAgent[]
  /** What is kept of the line. */
  readonly kept: readonly NameDeletion[]
}

/** Whether the command is one by which an agent of the line, or the one of a later agent's key, was or is being deleted. */
export function isDeletedBy({ lineOrKey, command, leaving, kept }: Sought): boolean {
  const isMeant = (generation: number): boolean => !isLaterKey(lineOrKey) || generation === generationOf(lineOrKey)
  return leaving.some(({ key, deletingBy }) => deletingBy === command && isMeant(generationOf(key))) || kept.some((one) => one.command === command && isMeant(one.generation))
}
