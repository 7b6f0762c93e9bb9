import { Connection } from '@temporalio/client'
import { isLocalHost } from '../protocol/network.ts'
import { quickRetries } from './grpc-retries.ts'

export interface TemporalTarget {
  /** `host:port`. */
  readonly address: string
  readonly namespace: string
  /** A key for Temporal Cloud, for example. With a key the connection uses TLS. */
  readonly apiKey?: string
}

/** The Temporal server that one uses where none is named. */
export const usualAddress = 'localhost:7233'

/** A server that has become silent, its connections open, is noticed within the sum of the two. Temporal refuses pings more often than every ten seconds. */
const keepalive = { 'grpc.keepalive_time_ms': 15_000, 'grpc.keepalive_timeout_ms': 5_000 }

/** The gRPC library would take a proxy of the environment for this machine too, which a company's variables often name. */
const directly = { 'grpc.enable_http_proxy': 0 }

/** A connection for clients, through a proxy as the environment's variables say; never for this machine. @param connectTimeout milliseconds */
export function connectTemporal({ address, apiKey }: Pick<TemporalTarget, 'address' | 'apiKey'> & Partial<TemporalTarget>, connectTimeout = 5_000): Promise<Connection> {
  return Connection.connect({ address, connectTimeout, interceptors: quickRetries, channelArgs: { ...keepalive, ...(isLocalHost(address.replace(/:\d+$/, '')) && directly) }, ...(apiKey === undefined ? {} : { apiKey, tls: true }) })
}
