import { isInBlock } from './address-block.ts'

/**
 * Whether `no_proxy` excepts a host from the proxy: by its name, by a domain that it is within (with or without a dot or `*.` before it), by an
 * address or a block of them, or by `*`; behind a name or an address may stand a port, which then has to be the host's. One rule for all servers.
 * @param host with or without the brackets of an IPv6 address
 */
export function isExceptedFromProxy({ host, port }: { readonly host: string; readonly port: string }, exceptions: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase()
  return exceptions.split(/[,\s]+/).some((entry) => {
    if (entry === '*' || isInBlock(bare, entry)) return true
    const [, name = entry, ofPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? []
    if (ofPort !== undefined && ofPort !== port) return false
    const excepted = name.replace(/^\*?\./, '').replace(/\.$/, '').toLowerCase()
    return excepted !== '' && (bare === excepted || bare.endsWith(`.${excepted}`) || isInBlock(bare, excepted))
  })
}
