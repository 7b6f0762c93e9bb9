import { CommanderError } from 'commander'
import { PerdureError, type ErrorCode } from '../../protocol/errors.ts'

/** What the exit status of `perdure` says. Scripts rely on it. */
export const exitStatus = {
  ok: 0,
  /** Something went wrong that is none of the following; in a piped chat: at least one line failed. */
  failure: 1,
  /** Wrong usage or configuration: the caller has to change the command, a file that it names, or a setting. */
  usage: 2,
  /** The thing that was named is not there: an agent, a block, a checkpoint. */
  notFound: 3,
  /** A server can't be reached or started, or its port is taken. */
  unavailable: 4,
  /** Ended by Ctrl-C, as shells have it. */
  interrupted: 130,
} as const

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

const statusOfCode: Partial<Record<ErrorCode, ExitStatus>> = {
  'invalid-argument': exitStatus.usage,
  'config-invalid': exitStatus.usage,
  'file-unreadable': exitStatus.usage,
  'schema-newer': exitStatus.usage,
  'definition-too-large': exitStatus.usage,
  'definition-conflict': exitStatus.usage,
  'block-label-taken': exitStatus.usage,
  'tool-unknown': exitStatus.usage,
  'agent-exists': exitStatus.usage,
  'tool-conflict': exitStatus.usage,
  'agent-unknown': exitStatus.notFound,
  'agent-archived': exitStatus.notFound,
  'block-unknown': exitStatus.notFound,
  'checkpoint-unknown': exitStatus.notFound,
  'passage-unknown': exitStatus.notFound,
  'prompt-unknown': exitStatus.notFound,
  'access-key-unknown': exitStatus.notFound,
  'deployment-unknown': exitStatus.notFound,
  'server-unavailable': exitStatus.unavailable,
  'no-worker': exitStatus.unavailable,
  'store-full': exitStatus.unavailable,
  'wrong-stores': exitStatus.unavailable,
  'port-busy': exitStatus.unavailable,
  'model-unreachable': exitStatus.unavailable,
}

export function exitStatusOf(error: unknown): ExitStatus {
  if (PerdureError.isInstance(error)) return statusOfCode[error.code] ?? exitStatus.failure
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage
  if (error instanceof Error && error.name === 'AbortError') return exitStatus.interrupted
  return exitStatus.failure
}
