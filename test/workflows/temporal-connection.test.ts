import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { connectNatively } from '../../src/worker/connect-natively.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import '../support/quiet-runtime.ts'

const servers: Server[] = []
const tunnels: string[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  tunnels.length = 0
  vi.unstubAllEnvs()
})

function toTemporal(socket: Socket): Socket {
  const [host = '', port = ''] = inject('temporalAddress').split(':')
  const target = connect(Number(port), host)
  target.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('error', () => target.destroy()).on('close', () => target.destroy())
  return target
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** A proxy that knows where `temporal.example` is. */
function proxy(): Promise<number> {
  const server = createServer().on('connect', ({ url = '', headers }, socket: Socket) => {
    tunnels.push(`${url} ${headers['proxy-authorization'] ?? ''}`)
    const target = toTemporal(socket)
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    socket.pipe(target).pipe(socket)
  })
  return listening(server)
}

describe('behind a proxy', () => {
  test('clients and workers reach a Temporal server through it, and one on this machine without it', async () => {
    vi.stubEnv('http_proxy', `http://ada:lamp@127.0.0.1:${await proxy()}`)
    const address = 'temporal.example:7233'
    for (const connection of [await connectTemporal({ address }), await connectNatively({ address })]) await connection.close()
    const through = `${address} Basic ${Buffer.from('ada:lamp').toString('base64')}`
    expect(tunnels).toEqual([through, through])
    for (const connection of [await connectTemporal({ address: inject('temporalAddress') }), await connectNatively({ address: inject('temporalAddress') })]) await connection.close()
    expect(tunnels).toHaveLength(2)
  })
})

const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0
  } catch {
    return false
  }
})()

describe.skipIf(!hasOpenssl)('with TLS, and a certificate of an authority of one\'s own (needs openssl)', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const file = (name: string): string => join(folder.path, name)
  afterAll(() => folder.remove())
  beforeAll(async () => {
    folder = await temporaryFolder()
    const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore', cwd: folder.path })
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=An authority')
    openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
    writeFileSync(file('extensions'), 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n')
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'extensions')
  })
  const secured = async (): Promise<string> => {
    const server = createTlsServer({ key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')), ALPNProtocols: ['h2'] }, (socket) => void socket.pipe(toTemporal(socket)).pipe(socket))
    return `localhost:${await listening(server.on('tlsClientError', () => undefined))}`
  }

  test('a worker knows those that NODE_EXTRA_CA_CERTS names, as clients do by Node', async () => {
    const connection = await connectNatively({ address: await secured(), apiKey: 'a key' }, { NODE_EXTRA_CA_CERTS: file('ca.pem') })
    await connection.close()
  })

  test('without it worker and client name the variable; a file that is not there is refused by name', async () => {
    const target = { address: await secured(), apiKey: 'a key' }
    const advice = { code: 'server-unavailable', message: expect.stringContaining('by NODE_EXTRA_CA_CERTS') as string }
    await expect(connectNatively(target, {})).rejects.toMatchObject(advice)
    await expect(connectTemporal(target, 500)).rejects.toMatchObject(advice)
    await expect(connectNatively(target, { NODE_EXTRA_CA_CERTS: file('nowhere.pem') })).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining('nowhere.pem') as string })
  })
})
