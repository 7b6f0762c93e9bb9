import { invalidArgument, type PerdureError } from './errors.ts'
import { limits } from './limits.ts'

/** The commands. They run between turns, never during one; but for `define`, which runs between two steps as well. */
export type AgentCommand =
  /** Takes the last exchange out of the context; recall keeps it, marked. */
  | { readonly type: 'pop' }
  /** Keeps queue, summary and core memory under a name. */
  | { readonly type: 'save'; readonly name: string }
  /** Goes back to a checkpoint; what came since stays in recall. */
  | { readonly type: 'load'; readonly name: string }
  /** Goes on in a new run, all of which is encrypted under the current key. */
  | { readonly type: 'renew' }
  /** Changes the agent's definition, between two steps: `change` is the id of what was proposed, see `ProposedChange`. */
  | { readonly type: 'define'; readonly change: string }
  /** Ends the workflow; with `erase` all that is stored of the agent is deleted. */
  | { readonly type: 'archive'; readonly erase: boolean }

export interface CommandRequest {
  readonly id: string
  readonly command: AgentCommand
}

/** What names a cancel, a resume and the like: the same again under the same id is the same one, and gets the same answer. */
export interface NamedRequest {
  readonly commandId?: string
}

/** Input of the update `cancel`. */
export interface CancelRequest extends NamedRequest {
  /** Only this turn; another one that runs is left alone. Absent: whichever runs. */
  readonly turn?: number
  /** The sender has named the turn: it is a part of what is asked for, and under the same id another turn is another command. */
  readonly named?: true
}

/** In words, to tell the same command from another one under its id. */
export function askedBy(command: AgentCommand): string {
  switch (command.type) {
    case 'save':
    case 'load':
      return `${command.type} ${command.name}`
    case 'define':
      return `define ${command.change}`
    case 'archive':
      return command.erase ? 'archive and erase' : 'archive'
    default:
      return command.type
  }
}

/** For whoever asks for something else under an id that was used. */
export const usedForAnother = (id: string): PerdureError => invalidArgument(`under the id ${JSON.stringify(id)} something else was commanded; another command needs another id`)

/** @throws PerdureError `invalid-argument` */
export function assertCommandId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id !== '' && id.length <= limits.eventIdCharacters) return
  throw invalidArgument(`the id of a command is a string of 1 to ${limits.eventIdCharacters} characters`)
}

/** @throws PerdureError `invalid-argument` */
export function assertNamedRequest(request: unknown): asserts request is NamedRequest | undefined {
  const { commandId } = (request ?? {}) as { readonly commandId?: unknown }
  if (commandId !== undefined) assertCommandId(commandId)
}

/** @throws PerdureError `invalid-argument` */
export function assertCancelRequest(request: unknown): asserts request is CancelRequest | undefined {
  assertNamedRequest(request)
  const { turn } = (request ?? {}) as { readonly turn?: unknown }
  if (turn !== undefined && !Number.isSafeInteger(turn)) throw invalidArgument('turn is the number of the turn to cancel')
}

export interface CommandAnswer {
  /** `carried`: the agent continues as new; ask again under the id. `waiting`: the query `commandAnswer` tells when it has run. */
  readonly status: 'done' | 'refused' | 'carried' | 'waiting'
  /** Why it was refused. */
  readonly code?: string
  /** For a person. */
  readonly detail: string
  /** Of `define`: the version that it has made, or the present one where nothing changes, and whether the agent, which was parked, tries again by it. */
  readonly version?: number
  readonly resumed?: boolean
}
