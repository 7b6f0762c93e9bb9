import { decodedComponent } from '../protocol/decoded-component.ts'
import { PerdureError } from '../protocol/errors.ts'
import { isLocalHost } from '../protocol/network.ts'
import { isExceptedFromProxy } from '../protocol/proxy-exceptions.ts'

export interface TemporalProxy {
  /** `host:port` */
  readonly host: string
  readonly user?: string
  readonly password?: string
}

/** In the order and the spelling of the gRPC library, by which clients go. */
const variables = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const
const exceptions = ['no_grpc_proxy', 'no_proxy'] as const

/**
 * The proxy by which a Temporal server is reached, or undefined for none: what the environment's variables say, for clients and workers alike. This
 * machine is never reached through one.
 * @throws PerdureError `config-invalid` where a variable names no proxy that can be used
 */
export function temporalProxy(address: string, environment: NodeJS.ProcessEnv): TemporalProxy | undefined {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const name = variables.find((variable) => environment[variable])
  if (name === undefined || isLocalHost(host)) return undefined
  const excepted = environment[exceptions.find((variable) => environment[variable]) ?? ''] ?? ''
  if (isExceptedFromProxy({ host, port: /:(\d+)$/.exec(address)?.[1] ?? '7233' }, excepted)) return undefined
  const url = urlOf(environment[name] ?? '')
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw new PerdureError('config-invalid', `${name} names no proxy by which a Temporal server can be reached: write one that begins with http://, like http://proxy.example:3128, or set no_grpc_proxy=${host}`)
  }
  const [user, password] = [url.username, url.password].map(decodedComponent) as [string, string]
  return { host: `${url.hostname}:${url.port || '80'}`, ...(user !== '' && { user, password }) }
}

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)
