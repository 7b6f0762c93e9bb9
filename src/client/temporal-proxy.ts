import { isInBlock } from '../protocol/address-block.ts'
import { PerdureError } from '../protocol/errors.ts'
import { isLocalHost } from '../protocol/network.ts'

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
  if (excepted.split(',').some((one) => isExcepted(host, one.trim()))) return undefined
  const url = urlOf(environment[name] ?? '')
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw new PerdureError('config-invalid', `${name} names no proxy by which a Temporal server can be reached: write one that begins with http://, like http://proxy.example:3128, or set no_grpc_proxy=${host}`)
  }
  const [user, password] = [url.username, url.password].map(decodeURIComponent) as [string, string]
  return { host: `${url.hostname}:${url.port || '80'}`, ...(user !== '' && { user, password }) }
}

/** A name stands for itself and all that ends with it, a block of addresses for each of them, `*` for all. */
function isExcepted(host: string, exception: string): boolean {
  if (exception === '') return false
  if (exception.includes('/')) return isInBlock(host, exception)
  return exception === '*' || host.endsWith(exception)
}

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)
