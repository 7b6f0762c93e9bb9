import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Slowness {
  readonly bytesPerSecond: number
  /** Each way. */
  readonly latencyMs: number
}

/** The network between a process of ours and a server, in this process's hands. */
export interface TcpProxy {
  readonly host: string
  readonly port: number
  /** Connections are reset, new ones refused, as with a server that has gone. */
  cut(): Promise<void>
  /**
   * As with a pulled cable behind a switch: connections stay open, new ones are taken, and whatever either side writes is
   * swallowed. A connection that was open then stays dead after `heal`, silently: whoever holds it has to notice.
   */
  blackhole(): void
  slow(slowness: Slowness): void
  heal(): Promise<void>
  /** Connections taken so far. */
  taken(): number
  close(): Promise<void>
}

type Mode = 'healthy' | 'blackhole' | Slowness

/** @param target `host:port`, or a URL */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const upstream = new URL(target.includes('://') ? target : `tcp://${target}`)
  const links = new Set<Link>()
  let mode: Mode = 'healthy'
  let taken = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    taken += 1
    const far = connect({ host: upstream.hostname, port: Number(upstream.port), allowHalfOpen: true, noDelay: true })
    const link = linkOf(near, far, () => mode)
    links.add(link)
    void link.over.then(() => links.delete(link))
  })
  const host = '127.0.0.1'
  await once(server.listen(0, host), 'listening')
  const { port } = server.address() as AddressInfo
  const stop = async (): Promise<void> => {
    const closed = server.listening ? closing(server) : undefined
    for (const link of links) link.reset()
    await closed
  }
  return {
    host,
    port,
    cut: stop,
    blackhole: () => {
      mode = 'blackhole'
      for (const link of links) link.die()
    },
    slow: (slowness) => {
      mode = slowness
    },
    heal: async () => {
      mode = 'healthy'
      if (!server.listening) await once(server.listen(port, host), 'listening')
    },
    taken: () => taken,
    close: stop,
  }
}

interface Link {
  readonly over: Promise<unknown>
  /** Nothing passes any more, and nobody is told. */
  die(): void
  reset(): void
}

function linkOf(near: Socket, far: Socket, mode: () => Mode): Link {
  let dead = mode() === 'blackhole'
  const reset = (): void => {
    for (const socket of [near, far]) socket.resetAndDestroy()
  }
  carry(near, far, mode, () => dead)
  carry(far, near, mode, () => dead)
  for (const socket of [near, far]) {
    socket.on('error', () => {
      if (!dead) reset()
    })
  }
  return {
    over: Promise.all([near, far].map((socket) => new Promise((resolve) => socket.once('close', resolve)))),
    die: () => {
      dead = true
    },
    reset,
  }
}

/** One direction: what one side writes, in order and as late as the network makes it. */
function carry(from: Socket, to: Socket, mode: () => Mode, dead: () => boolean): void {
  let line = Promise.resolve()
  let free = 0
  const later = (bytes: number, deliver: () => void): void => {
    if (dead()) return
    const present = mode()
    const now = Date.now()
    const slowness = typeof present === 'object' ? present : undefined
    free = Math.max(free, now) + (slowness === undefined ? 0 : (bytes / slowness.bytesPerSecond) * 1_000)
    const due = free + (slowness?.latencyMs ?? 0)
    line = line.then(async () => {
      const wait = due - Date.now()
      if (wait > 0) await sleep(wait)
      if (!dead() && !to.destroyed) deliver()
    })
  }
  from.on('data', (chunk: Buffer) => later(chunk.length, () => to.write(chunk)))
  from.on('end', () => later(0, () => to.end()))
}

async function closing(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}
