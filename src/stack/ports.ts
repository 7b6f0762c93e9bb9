import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import type { HostAndPort } from '../http/listen-at.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { HeldPorts } from './held-ports.ts'

const host = '127.0.0.1'

/** Whether a server could listen there now. Somebody else may take it in the next moment. */
export async function isPortFree(port: number): Promise<boolean> {
  return typeof (await listenOnce({ host, port })) === 'number'
}

/** Whether another program listens there; not where that is no address of this machine. */
export async function isTaken(at: HostAndPort): Promise<boolean> {
  return (await listenOnce(at)) === 'EADDRINUSE'
}

/** A port that nobody listens on, chosen by the system. */
export async function freePort(): Promise<number> {
  const port = await listenOnce({ host, port: 0 })
  if (typeof port !== 'number') throw new PerdureError('server-unavailable', `no port is free at ${host}`)
  return port
}

/**
 * The port to start a server on: the one asked for, else the first free one of those preferred, else any free one.
 * @throws PerdureError `port-busy` when the one asked for is taken
 */
export async function choosePort(options: {
  readonly asked?: { readonly port: number; readonly variable: string } | undefined
  readonly preferred: readonly (number | undefined)[]
  /** Of other servers of this stack. */
  readonly taken?: readonly number[]
  /** Of other stacks. */
  readonly held?: HeldPorts
}): Promise<number> {
  const isOthers = (port: number) => options.taken?.includes(port) === true || options.held?.has(port) === true
  if (options.asked !== undefined) {
    const { port, variable } = options.asked
    const home = options.held?.get(port)
    if (home === undefined && (await isPortFree(port))) return port
    const holder = home === undefined ? holderOfPort(port) : `the stack in ${home}`
    throw new PerdureError(
      'port-busy',
      `port ${port}, asked for by ${variable}, is taken${holder === undefined ? '' : ` by ${holder}`}; stop what listens there, or remove ${variable} to let a free one be chosen`,
    )
  }
  for (const port of options.preferred) {
    if (port !== undefined && !isOthers(port) && (await isPortFree(port))) return port
  }
  for (;;) {
    const port = await freePort()
    if (!isOthers(port)) return port
  }
}

/** "node (pid 4711)", where `lsof` or `ss` is there and may tell. */
export function holderOfPort(port: number): string | undefined {
  const fromLsof = outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const lsof = /p(\d+)\nc(.+)/.exec(fromLsof)
  if (lsof !== null) return `${lsof[2] ?? ''} (pid ${lsof[1] ?? ''})`
  const fromSs = outputOf('ss', ['-ltnpH', `sport = :${port}`])
  const ss = /\(\("([^"]+)",pid=(\d+)/.exec(fromSs)
  return ss === null ? undefined : `${ss[1] ?? ''} (pid ${ss[2] ?? ''})`
}

function outputOf(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 3_000 })
  } catch {
    return ''
  }
}

/** Listens and closes at once: the port, or the code of the error. */
function listenOnce({ host, port }: HostAndPort): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 'EINVAL'))
    })
  })
}
