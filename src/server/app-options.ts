import type { AccessKeyCheck } from '../client/access-key-check.ts'
import type { PerdureClient } from '../client/client.ts'
import type { FrontEndTaskMode } from '../protocol/aside.ts'
import type { Tenant } from '../protocol/tenant.ts'
import type { Observe } from '../protocol/observation.ts'
import type { Page } from './page.ts'
import type { RequestRates } from './request-rates.ts'
import type { NewAgents } from './route.ts'

export interface AppOptions {
  /** Of the tenant that a request's key is of; undefined: the default one's, whose are requests without a key too. */
  readonly clientOf: (tenant: Tenant | undefined) => PerdureClient
  readonly keys: AccessKeyCheck
  readonly rates: RequestRates
  readonly newAgents: NewAgents
  /** What becomes of a front end's tasks that come by OpenAI's protocol. */
  readonly frontEndTasks: FrontEndTaskMode
  /** Shown in the OpenAPI document. */
  readonly version: string
  /** Whether what agents need answers: Temporal and the stores. It throws where they don't. */
  readonly ready: () => Promise<void>
  /** Aborted when the server stops: who waits for a turn is told so. */
  readonly stopping: AbortSignal
  /** Told of every request when it is over. */
  readonly observe?: Observe
  /** Shown to whoever opens the server in a browser. Absent: nothing is. */
  readonly page?: Page
  /** How long a caller may take nothing of an answer before it is cut off. Default: half a minute. */
  readonly unreadMs?: number
  /** Told of what nobody foresaw. */
  readonly onError: (error: unknown, request: Request) => void
}
