/** Whether a host is this machine. It is never reached through a proxy. @param host with or without the brackets of an IPv6 address */
export function isLocalHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || name === '::' || name === '0.0.0.0' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/** Whether a host is this machine as it reaches itself alone: 0.0.0.0 and :: are every address that it has; names below localhost may be another's. */
export const isLoopback = (host: string): boolean => isLocalHost(host) && !['0.0.0.0', '::', '[::]'].includes(host) && !host.toLowerCase().endsWith('.localhost')

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
