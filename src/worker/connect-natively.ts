import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker'
import { unreached, usualAddress, type TemporalTarget } from '../client/connect-temporal.ts'
import { temporalProxy } from '../client/temporal-proxy.ts'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { unknownAuthority } from '../protocol/network.ts'

/**
 * A worker's connection to Temporal. It is made outside of Node, by a library that asks the environment for nothing: it is told of the proxy
 * that clients go through, and of the certificates of one's own that Node trusts.
 * @throws PerdureError `server-unavailable`; `config-invalid` for a variable that names no such proxy, or no file of certificates
 */
export async function connectNatively({ address = usualAddress, apiKey }: Partial<TemporalTarget>, environment: NodeJS.ProcessEnv = process.env): Promise<NativeConnection> {
  const proxy = temporalProxy(address, environment)
  const options: NativeConnectionOptions = {
    address,
    ...(apiKey !== undefined && { apiKey, tls: ownAuthorities(environment) }),
    ...(proxy && { proxy: { type: 'http-connect', targetHost: proxy.host, ...(proxy.user !== undefined && { basicAuth: { username: proxy.user, password: proxy.password ?? '' } }) } }),
  }
  return NativeConnection.connect(options).catch((error: unknown) => {
    throw unreached(address, error, {
      ...(proxy && { through: ` through the proxy ${proxy.host}` }),
      ...(/UnknownIssuer|unknown issuer/i.test(messageOf(error)) && { advice: unknownAuthority }),
    })
  })
}

/** Beside the authorities that everybody trusts: the library trusts either its own or those that it is given. */
function ownAuthorities({ NODE_EXTRA_CA_CERTS: file }: NodeJS.ProcessEnv): true | { readonly serverRootCACertificate: Buffer } {
  if (file === undefined || file === '') return true
  try {
    return { serverRootCACertificate: Buffer.from([readFileSync(file, 'utf8'), ...rootCertificates].join('\n')) }
  } catch (error) {
    throw new PerdureError('config-invalid', `NODE_EXTRA_CA_CERTS names ${file}, which can't be read (${messageOf(error)})`, { cause: error })
  }
}
