/** Whether a host is this machine. It is never reached through a proxy. @param host with or without the brackets of an IPv6 address */
export function isLocalHost(host: string): boolean {
  const name = plainHost(host)
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || name === '::' || name === '0.0.0.0' || /^127\.\d+\.\d+\.\d+$/.test(name) || /^::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(name)
}

/** Of all ways in which the same address may be written (`127.1`, `0:0:0:0:0:0:0:1`, `LOCALHOST.`), the one that an address on the web has. */
function plainHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  // Of what else an address has, none belongs to a host: `someone@127.0.0.1` is no name of this machine.
  if (/[\s/?#@\\]/.test(bare)) return bare.toLowerCase()
  const address = `http://${bare.includes(':') ? `[${bare}]` : bare}/`
  return (URL.canParse(address) ? new URL(address).hostname : bare).replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase()
}

/** Whether a host is this machine as it reaches itself alone: 0.0.0.0 and :: are every address that it has; names below localhost may be another's. */
export const isLoopback = (host: string): boolean => isLocalHost(host) && !['0.0.0.0', '::'].includes(plainHost(host)) && !plainHost(host).endsWith('.localhost')

const certificateCodes = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

export const unknownAuthority = 'its certificate is of an authority that this machine does not know: name the file of that authority (PEM) by NODE_EXTRA_CA_CERTS, and start anew'

/** What to do about a certificate that this machine does not know; empty for any other error. Looks through the causes. */
export function certificateAdvice(error: unknown): string {
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    if ('code' in reason && typeof reason.code === 'string' && certificateCodes.has(reason.code)) {
      return unknownAuthority
    }
  }
  return ''
}

/** A connection that was to go through a proxy, and did not come about: what its cause names may be the proxy's. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure'
  readonly variable: string

  constructor(variable: string, cause: unknown) {
    super('no connection through the proxy', { cause })
    this.variable = variable
  }
}

/** The same of a connection over HTTP: also of one through a proxy, of a server that speaks without TLS, and of a port at which fetch asks nobody. */
export function connectionAdvice(error: unknown): string {
  const certificate = certificateAdvice(error)
  if (certificate !== '') return certificate
  for (let reason = error; reason instanceof Error; reason = reason.cause) {
    if (reason instanceof ProxyFailure) return proxyAdvice(reason)
    if ('code' in reason && reason.code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'it speaks without TLS: begin its address with http://'
    if (isForbiddenPort(reason)) return 'Node asks no server at this port, as other protocols have it: let the server listen at another one'
  }
  return ''
}

function proxyAdvice({ variable, cause }: ProxyFailure): string {
  let reason = cause
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause
  if (reason instanceof Error && /^Proxy response \(407\)/.test(reason.message)) return `the proxy wants a user and a password: write them into ${variable}, like http://user:password@proxy.example:3128`
  return `it is asked through the proxy that ${variable} names: check that one, or name the endpoint's host in no_proxy`
}

/** Looks at this error only. */
export const isForbiddenPort = (error: unknown): boolean => error instanceof Error && error.message === 'bad port'
