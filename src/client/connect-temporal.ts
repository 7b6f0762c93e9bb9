import { once } from 'node:events'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { Connection } from '@temporalio/client'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { certificateAdvice } from '../protocol/network.ts'
import { quickRetries } from './grpc-retries.ts'
import { temporalProxy } from './temporal-proxy.ts'

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

/**
 * A connection for clients, through a proxy as the environment's variables say; never for this machine.
 * @param connectTimeout milliseconds
 * @throws PerdureError `config-invalid` for a variable that names no proxy that can be used
 */
export async function connectTemporal({ address, apiKey }: Pick<TemporalTarget, 'address' | 'apiKey'> & Partial<TemporalTarget>, connectTimeout = 5_000): Promise<Connection> {
  const direct = temporalProxy(address, process.env) === undefined
  const connecting = Connection.connect({ address, connectTimeout, interceptors: quickRetries, channelArgs: { ...keepalive, ...(direct && directly) }, ...(apiKey === undefined ? {} : { apiKey, tls: true }) })
  // The gRPC library says of a certificate that it does not know nothing but that the time is up.
  return connecting.catch(async (error: unknown) => {
    const unknown = apiKey !== undefined && direct ? await certificateProblem(address) : undefined
    throw unknown ?? error
  })
}

/** What is told of a connection that could not be made. An error of ours says so already. */
export function unreached(address: string, error: unknown, { through = '', advice = 'check TEMPORAL_ADDRESS and that it runs' }: { readonly through?: string; readonly advice?: string } = {}): PerdureError {
  if (PerdureError.isInstance(error)) return error
  return new PerdureError('server-unavailable', `the Temporal server at ${address} can't be reached${through}: ${messageOf(error)}; ${advice}`, { cause: error })
}

/** Undefined where the certificate is not what is wrong. */
async function certificateProblem(address: string): Promise<PerdureError | undefined> {
  const { hostname: host, port } = new URL(`https://${address}`)
  const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port: Number(port || 443), servername: isIP(host) === 0 ? host : '', ALPNProtocols: ['h2'], timeout: 5_000 })
  try {
    await once(socket.on('timeout', () => socket.destroy(new Error('timeout'))), 'secureConnect')
    return undefined
  } catch (error) {
    const advice = certificateAdvice(error)
    return advice === '' ? undefined : new PerdureError('server-unavailable', `the Temporal server at ${address} can't be reached: ${advice}`, { cause: error })
  } finally {
    socket.destroy()
  }
}
