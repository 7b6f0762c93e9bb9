import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import { PerdureError } from '../protocol/errors.ts'

/** Ports that are tried, the wanted one first. */
const mostPorts = 100

/**
 * The address itself, or the same host with the next port that is free: several workers on one machine start with one setting.
 * @throws PerdureError `port-busy` where none is free, or the host is none of this machine
 */
export async function freeAddress(address: string): Promise<string> {
  const colon = address.lastIndexOf(':')
  const first = Number(address.slice(colon + 1))
  const host = await numeric(address.slice(0, colon).replace(/^\[|\]$/g, ''))
  for (let port = first; port < Math.min(first + mostPorts, 65_536); port += 1) {
    if (await isFree(host, port)) return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  }
  throw new PerdureError('port-busy', `no port from ${first} on is free at ${host} for the metrics; set PERDURE_METRICS_ADDRESS to another one`)
}

/** Temporal's runtime takes no names. */
async function numeric(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    throw new PerdureError('port-busy', `the metrics can't be served at ${host}: no such host; set PERDURE_METRICS_ADDRESS to an address of this machine`, { cause: error })
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(new PerdureError('port-busy', `the metrics can't be served at ${host}: ${error.code ?? error.message}; set PERDURE_METRICS_ADDRESS to an address of this machine`))
    })
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
