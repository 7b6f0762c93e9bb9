import type { Client } from '@temporalio/client'

export interface AgentWorkflows {
  /** With the `dataConverter` of the workers: `encryptedDataConverter(ring)` where they encrypt. */
  readonly temporal: Client
  readonly taskQueue: string
  /** Milliseconds to wait for a server, or a worker, that is away. Default: a minute. */
  readonly patienceMs?: number
}
