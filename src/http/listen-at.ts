import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PerdureError } from '../protocol/errors.ts'

export interface HostAndPort {
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
}

/** @param address `host:port` as the settings have it: checked before */
export function hostAndPort(address: string): HostAndPort {
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? []
  return { host, port: Number(port) }
}

export const addressOf = ({ host, port }: HostAndPort): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/**
 * Lets a server listen; its URL, with the port that the system chose for port 0.
 * @param variable the setting that has the address
 * @throws PerdureError `port-busy`, `config-invalid` for an address that this machine does not have
 */
export function listenAt(server: Server, address: string, variable: string): Promise<string> {
  const { host, port } = hostAndPort(address)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE'
      reject(
        busy
          ? new PerdureError('port-busy', takenAddress(address, variable), { cause: error })
          : new PerdureError('config-invalid', `${variable} ${address} can't be listened at: ${error.message}`, { cause: error }),
      )
    })
    server.listen(port, host, () => resolve(`http://${addressOf({ host, port: (server.address() as AddressInfo).port })}`))
  })
}

export const takenAddress = (address: string, variable: string): string => `${address} is taken; stop what listens there, or name another address by ${variable}`
