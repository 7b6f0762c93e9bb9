import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { temporalProxy } from '../../src/client/temporal-proxy.ts'
import { classifyModelError } from '../../src/model/classify.ts'
import { openAIEmbedder, openAIModel } from '../../src/model/openai.ts'
import { addressOf } from '../../src/model/openai/address.ts'
import { isInBlock } from '../../src/protocol/address-block.ts'
import { isLocalHost, isLoopback } from '../../src/protocol/network.ts'

const requests: { readonly url: string; readonly authorization: string | undefined }[] = []
const tunnels: string[] = []
let endpoint: Server
let proxy: Server
const portOf = (server: Server): number => (server.address() as AddressInfo).port
const listen = async (server: Server): Promise<Server> => {
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return server
}

beforeEach(async () => {
  requests.length = 0
  tunnels.length = 0
  endpoint = await listen(
    createServer((incoming, response) => {
      incoming.resume().on('end', () => {
        requests.push({ url: incoming.url ?? '', authorization: incoming.headers.authorization })
        const body = incoming.url?.includes('embeddings') === true ? { data: [{ embedding: [1, 2] }] } : { choices: [{ message: { content: 'Hi.' } }] }
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      })
    }),
  )
  proxy = await listen(createServer())
  proxy.on('connect', ({ url }: IncomingMessage, socket: NodeJS.ReadWriteStream) => {
    tunnels.push(url ?? '')
    const onward = connect(portOf(endpoint), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
  })
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of [endpoint, proxy]) {
    server.closeAllConnections()
    server.close()
  }
})

const ask = async (baseURL: string): Promise<string> =>
  (await openAIModel({ baseURL, apiKey: 'sk-key' }).complete({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], tools: [], maxOutputTokens: 10 }, new AbortController().signal)).text

describe("the model's address", () => {
  test('may end in a word that a request has too, where a proxy has mounted a server there', async () => {
    await ask(`http://127.0.0.1:${portOf(endpoint)}/messages`)
    expect(requests).toEqual([{ url: '/messages/chat/completions', authorization: 'Bearer sk-key' }])
    for (const path of ['/v1/embeddings', '/v1beta/responses/', '/openai/deployments/gpt/completions', '/chat/completions', '/api/chat']) expect(() => addressOf(`http://host${path}`)).toThrow(/ends in/)
  })

  test('may have a query, which stands behind the path of each request', async () => {
    await ask(`http://127.0.0.1:${portOf(endpoint)}/v1?api-version=2024-10-21`)
    expect(requests).toEqual([{ url: '/v1/chat/completions?api-version=2024-10-21', authorization: 'Bearer sk-key' }])
  })

  test('may have a user and a password, which are sent and in no message', async () => {
    await ask(`http://ada:s%40cret-word@127.0.0.1:${portOf(endpoint)}/a/b/`)
    expect(requests).toEqual([{ url: '/a/b/chat/completions', authorization: `Basic ${Buffer.from('ada:s@cret-word').toString('base64')}` }])
    expect(addressOf('http://ada:s%40cret-word@host/v1').secrets).toEqual(['s%40cret-word', 's@cret-word', Buffer.from('ada:s@cret-word').toString('base64')])
  })

  test('may have a password with a percent sign that escapes nothing [model:any]', () => {
    expect(addressOf('http://ada:pa%ss@model.example/v1').headers).toEqual({ Authorization: `Basic ${Buffer.from('ada:pa%ss').toString('base64')}` })
  })

  test('is refused by name where a part of it could not be sent', () => {
    for (const text of ['localhost:11434/v1', 'ftp://host/v1', 'http://host/v1#a']) {
      expect(() => addressOf(text), text).toThrow(expect.objectContaining({ code: 'config-invalid' }) as Error)
    }
  })
})

describe('a redirect', () => {
  const redirecting = async (status: number, to: (url: string) => string): Promise<Server> =>
    listen(createServer((incoming, response) => incoming.resume().on('end', () => response.writeHead(status, { location: to(incoming.url ?? '') }).end())))

  test.for([301, 302, 307, 308])('by %i to the same host is gone after with the body and the key [model:any]', async (status) => {
    const server = await redirecting(status, (url) => `http://127.0.0.1:${portOf(endpoint)}/new${url}`)
    expect(await ask(`http://127.0.0.1:${portOf(server)}/v1`)).toBe('Hi.')
    server.close()
    expect(requests).toEqual([{ url: '/new/v1/chat/completions', authorization: 'Bearer sk-key' }])
  })

  test('to another host is named, and sends nothing there; one in a circle is a failure of the server [model:any model:retry]', async () => {
    const server = await redirecting(308, () => `http://localhost:${portOf(endpoint)}/v1/chat/completions`)
    await expect(ask(`http://127.0.0.1:${portOf(server)}/v1`)).rejects.toMatchObject({ kind: 'bad-request', message: expect.stringContaining(`it is at http://localhost:${portOf(endpoint)}/v1/chat/completions now`) as string })
    server.close()
    expect(requests).toEqual([])
    const circle = await redirecting(301, (url) => url)
    await expect(ask(`http://127.0.0.1:${portOf(circle)}/v1`)).rejects.toMatchObject({ kind: 'server-error' })
    circle.close()
  })
})

describe('a key', () => {
  test('is sent without the blanks that it was copied with, and refused where no request can hold it [model:any]', async () => {
    const withKey = (apiKey: string) => openAIModel({ baseURL: `http://127.0.0.1:${portOf(endpoint)}/v1`, apiKey })
    await withKey(' sk-key\n').complete({ model: 'm', messages: [], tools: [], maxOutputTokens: 1 }, new AbortController().signal)
    for (const copied of ['"sk-key"', "'sk-key'", 'Bearer sk-key', 'Bearer "sk-key"']) await withKey(copied).complete({ model: 'm', messages: [], tools: [], maxOutputTokens: 1 }, new AbortController().signal)
    expect(requests.map(({ authorization }) => authorization)).toEqual(Array.from({ length: 5 }, () => 'Bearer sk-key'))
    for (const key of ['“sk-key”', 'sk-k…', 'sk\nkey']) expect(() => withKey(key)).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.not.stringContaining(key) as string }) as Error)
  })
})

describe('a proxy', () => {
  test('that the variables name takes the requests for chat and embeddings', async () => {
    vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`)
    expect(await ask('http://model.example/v1')).toBe('Hi.')
    const [vector] = await openAIEmbedder({ baseURL: 'http://model.example/v1', apiKey: 'k', model: 'e', dimensions: 2 }).embed(['tea'], new AbortController().signal)
    expect(vector).toEqual([1, 2])
    expect(tunnels).toEqual(['model.example:80', 'model.example:80'])
  })

  test('takes none that no_proxy excepts, and none for this machine', async () => {
    vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`)
    vi.stubEnv('no_proxy', 'model.invalid')
    expect(await ask(`http://127.0.0.1:${portOf(endpoint)}/v1`)).toBe('Hi.')
    await expect(ask('http://model.invalid/v1')).rejects.toMatchObject({ kind: 'unreachable' })
    expect(tunnels).toEqual([])
    expect(['localhost', 'LOCALHOST.', '127.0.0.1', '127.9.9.9', '127.1', '[::1]', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'a.localhost', '0.0.0.0'].filter((host) => !isLocalHost(host))).toEqual([])
    expect(['0', '0.0', '0.0.0.0', '::', '[0:0:0:0:0:0:0:0]', 'a.localhost', 'A.LOCALHOST.', '::ffff:0:0'].filter(isLoopback)).toEqual([])
    expect(['localhost.example', '10.0.0.1', '127.example', '[::2]', 'someone@127.0.0.1', '127.0.0.1#x', 'localhost/x', '127.0.0.1\\x'].filter(isLocalHost)).toEqual([])
  })

  test.for([['model.invalid', true], ['.invalid', true], ['*.invalid', true], ['invalid', true], ['MODEL.Invalid.', true], ['model.invalid:80', true], ['*', true], ['other.invalid a.example\tmodel.invalid', true], ['model.invalid:8080', false], ['el.invalid', false], ['', false]] as const)(
    'takes none where no_proxy excepts the host in the way that is usual elsewhere: %j [model:any]',
    async ([excepted, isDirect]) => {
      vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`)
      vi.stubEnv('no_proxy', excepted)
      if (isDirect) await expect(ask('http://model.invalid/v1')).rejects.toMatchObject({ kind: 'unreachable' })
      else expect(await ask('http://model.invalid/v1')).toBe('Hi.')
      expect(tunnels).toEqual(isDirect ? [] : ['model.invalid:80'])
      expect(temporalProxy('model.invalid:80', { http_proxy: 'http://proxy.example:3128', no_proxy: excepted }) === undefined).toBe(isDirect)
    },
  )

  test('takes none for addresses that no_proxy excepts by their block [model:any]', async () => {
    vi.stubEnv('http_proxy', `http://127.0.0.1:${portOf(proxy)}`)
    vi.stubEnv('no_proxy', '192.0.2.0/24, 2001:db8::/32')
    const signal = (): AbortSignal => AbortSignal.timeout(500)
    const direct = (baseURL: string): Promise<unknown> => openAIModel({ baseURL, apiKey: 'k' }).complete({ model: 'm', messages: [], tools: [], maxOutputTokens: 1 }, signal()).catch(() => undefined)
    // Addresses of documents: nobody has them.
    await Promise.all(['http://192.0.2.7/v1', 'http://[2001:db8::1]/v1'].map(direct))
    expect(tunnels).toEqual([])
    expect(await ask('http://198.51.100.7/v1')).toBe('Hi.')
    expect(tunnels).toEqual(['198.51.100.7:80'])
    const blocks = [['10.1.2.3', '10.0.0.0/8'], ['10.1.2.3', '10.1.2.3'], ['[fd00::1]', 'fd00::/8'], ['fd00::1', '[fd00::1]']] as const
    expect(blocks.filter(([host, block]) => !isInBlock(host, block))).toEqual([])
    const others = [['11.1.2.3', '10.0.0.0/8'], ['10.1.2.3', '10.0.0.0/33'], ['10.1.2.3', '10.0.0.0/'], ['::ffff', '10.0.0.0/8'], ['a.example', '10.0.0.0/8'], ['10.1.2.3', '']] as const
    expect(others.filter(([host, block]) => isInBlock(host, block))).toEqual([])
  })

  test.each<[what: string, answer: string | undefined, advice: RegExp]>([
    ['wants a user', 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n', /the proxy wants a user and a password: write them into http_proxy/],
    ['refuses the host', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', /\(Proxy response \(403\).*it is asked through the proxy that http_proxy names: check that one, or name the endpoint's host in no_proxy$/],
    ['is not there', undefined, /ECONNREFUSED.*it is asked through the proxy that http_proxy names/],
  ])('that %s is named where no connection comes about, without its password [model:any]', async (_, answer, advice) => {
    proxy.removeAllListeners('connect').on('connect', (__, socket: NodeJS.WritableStream) => socket.end(answer ?? ''))
    const port = portOf(proxy)
    if (answer === undefined) await new Promise((resolve) => proxy.close(resolve))
    vi.stubEnv('http_proxy', `http://ada:pa55word@127.0.0.1:${port}`)
    const failure = { kind: 'unreachable', message: expect.stringMatching(advice) as string }
    await expect(ask('http://model.example/v1')).rejects.toMatchObject(failure)
    await expect(ask('http://model.example/v1')).rejects.toMatchObject({ message: expect.not.stringContaining('pa55word') as string })
    vi.stubEnv('no_proxy', '*.invalid')
    await expect(ask('http://model.invalid/v1')).rejects.toMatchObject({ message: expect.not.stringContaining('proxy') as string })
  })

  test.for(['socks5://127.0.0.1:1080', 'proxy:3128'])('%s is refused by the name of its variable', (value) => {
    vi.stubEnv('HTTPS_PROXY', value)
    expect(() => openAIModel({ baseURL: 'https://model.example/v1', apiKey: 'k' })).toThrow(/^HTTPS_PROXY names no proxy that can be used/)
  })
})

test('a certificate that is not known is named with the setting that makes it known', () => {
  const cause = Object.assign(new Error('self-signed certificate in certificate chain'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })
  const error = classifyModelError(new TypeError('fetch failed', { cause }))
  expect(error).toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/self-signed certificate.*PEM.*NODE_EXTRA_CA_CERTS/) as string })
})

describe('a connection that cannot be made', () => {
  test('says of a server without TLS to begin its address with http, in words alone [model:any]', async () => {
    await expect(ask(`https://127.0.0.1:${portOf(endpoint)}/v1`)).rejects.toMatchObject({ kind: 'unreachable', message: "no connection to the model's endpoint (wrong version number): it speaks without TLS: begin its address with http://" })
  })

  test('because no program may ask at the port is not tried again [model:retry]', async () => {
    await expect(ask('http://127.0.0.1:6000/v1')).rejects.toMatchObject({ kind: 'wrong-address', message: expect.stringContaining('let the server listen at another one') as string })
  })
})
