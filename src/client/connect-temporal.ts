import { Connection } from '@temporalio/client'
import { quickRetries } from './grpc-retries.ts'

export interface TemporalTarget {
  /** `host:port`. */
  readonly address: string
  readonly namespace: string
  /** Of Temporal Cloud, say; a key implies TLS. */
  readonly apiKey?: string
}

/** The Temporal server that one uses where none is named. */
export const usualAddress = 'localhost:7233'

/** A connection for clients. @param connectTimeout milliseconds */
export function connectTemporal({ address, apiKey }: Pick<TemporalTarget, 'address' | 'apiKey'> & Partial<TemporalTarget>, connectTimeout = 5_000): Promise<Connection> {
  return Connection.connect({ address, connectTimeout, interceptors: quickRetries, ...(apiKey === undefined ? {} : { apiKey, tls: true }) })
}
