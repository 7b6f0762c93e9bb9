import { tcpProxy, type TcpProxy } from './tcp-proxy.ts'
import type { WorldOptions } from './world.ts'

/** Variables that name a server. */
export type Way = 'TEMPORAL_ADDRESS' | 'MONGODB_URI' | 'QDRANT_URL'

/** A proxy on the way of a world's workers to one server; the test's own client takes the straight one. */
export interface OnTheWay {
  readonly ofWorkers: NonNullable<WorldOptions['ofWorkers']>
  proxy(): TcpProxy
  close(): Promise<void>
}

export function onTheWay(variable: Way): OnTheWay {
  let made: TcpProxy | undefined
  return {
    ofWorkers: async (environment) => {
      const address = environment[variable] ?? ''
      made = await tcpProxy(address)
      return { [variable]: throughProxy(address, made) }
    },
    proxy: () => {
      if (made === undefined) throw new Error('the world has not begun')
      return made
    },
    close: async () => made?.close(),
  }
}

export function throughProxy(address: string, { host, port }: TcpProxy): string {
  if (!address.includes('://')) return `${host}:${port}`
  const url = new URL(address)
  url.host = `${host}:${port}`
  return url.href
}
