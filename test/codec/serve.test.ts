import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encryptionCodec } from '../../src/codec/encryption.ts'
import { newRingEntry, readKeyRing } from '../../src/codec/key-ring.ts'
import { serveCodec, type ServedCodec } from '../../src/codec/serve.ts'

const token = 'first-token-of-two'
const other = 'second-token-of-two'
const origin = 'http://localhost:8233'
const maxBodyBytes = 20_000

const codec = encryptionCodec(readKeyRing(newRingEntry('here')))
const elsewhere = encryptionCodec(readKeyRing(newRingEntry('elsewhere')))

let served: ServedCodec
let refused: string[]
beforeEach(async () => {
  refused = []
  const access = { address: '127.0.0.1:0', tokens: [token, other], origins: [origin] }
  served = await serveCodec({ codec, access, maxBodyBytes, onRefusal: (line) => refused.push(line) })
})
afterEach(() => served.close())

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Not `fetch`, which would not send what a hostile program sends. */
function ask({ path = '/decode', method = 'POST', headers = {}, body }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(served.url, { path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
const asJson = (payloads: readonly Payload[]): string =>
  JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])),
      data: Buffer.from(data ?? []).toString('base64'),
    })),
  })
const fromJson = (text: string): Payload[] =>
  (JSON.parse(text) as { payloads: { metadata: Record<string, string>; data: string }[] }).payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, bytes]) => [name, new Uint8Array(Buffer.from(bytes, 'base64'))])),
    data: new Uint8Array(Buffer.from(data, 'base64')),
  }))

const plain = defaultPayloadConverter.toPayload({ id: 'postcard', nested: ['ä', 1, null] })
const sealed = async (by = codec): Promise<string> => asJson(await by.encode([plain]))

describe('a codec server', () => {
  test('decrypts and encrypts as Temporal\'s tools ask it to [payload:encryption]', async () => {
    const headers = { ...bearer(token), 'content-type': 'application/json', 'x-namespace': 'default' }
    const decoded = await ask({ headers, body: await sealed() })
    expect(decoded.status).toBe(200)
    expect(fromJson(decoded.text)).toEqual([plain])
    const encoded = fromJson((await ask({ path: '/encode', headers, body: asJson([plain, plain]) })).text)
    expect(encoded).toHaveLength(2)
    expect(await codec.decode(encoded)).toEqual([plain, plain])
  })

  test('leaves plain payloads as they are, none too, and such without data [payload:encryption]', async () => {
    expect(fromJson((await ask({ headers: bearer(token), body: asJson([plain]) })).text)).toEqual([plain])
    // The `temporal` command line sends `{}` for a query without arguments.
    for (const body of ['{"payloads":[]}', '{}']) expect(JSON.parse((await ask({ headers: bearer(token), body })).text)).toEqual({ payloads: [] })
    const empty = await ask({ headers: bearer(token), body: '{"payloads":[{"metadata":{"encoding":"YmluYXJ5L251bGw="}}]}' })
    expect(JSON.parse(empty.text)).toEqual({ payloads: [{ metadata: { encoding: 'YmluYXJ5L251bGw=' }, data: '' }] })
  })

  test.each<[string, Asked]>([
    ['each token', { headers: bearer(other) }],
    ['a token in the path', { path: `/${token}/decode` }],
    ['a token in the path beside a header of somebody else', { path: `/${other}/decode`, headers: bearer('that-of-the-web-ui') }],
    ['a query that it does not need', { path: '/decode?namespace=default', headers: bearer(token) }],
    ['the scheme in small letters', { headers: { authorization: `bearer ${token}` } }],
    ['the page that may ask', { headers: { ...bearer(token), origin } }],
  ])('accepts %s [payload:encryption]', async (_, asked) => {
    const answered = await ask({ ...asked, body: await sealed() })
    expect(answered.status).toBe(200)
    expect(answered.headers['access-control-allow-origin']).toBe(asked.headers?.origin)
    expect(refused).toEqual([])
  })

  test('lets a page of the Web UI ask beforehand, by name and never any page [payload:encryption]', async () => {
    const wish = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-namespace', 'access-control-request-private-network': 'true' }
    const { status, headers } = await ask({ method: 'OPTIONS', headers: { ...wish, origin } })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringMatching(/authorization.*content-type.*x-namespace/) as unknown,
      'access-control-allow-private-network': 'true',
      'vary': 'Origin',
    })
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })
})

describe('what is refused, and how', () => {
  const json = asJson([plain])
  const good = bearer(token)
  test.each<[string, Asked, number, string]>([
    ['no token', { body: json }, 401, 'token-refused'],
    ['a wrong token', { headers: bearer('first-token-of-tw0'), body: json }, 401, 'token-refused'],
    ['the beginning of a token', { headers: bearer(token.slice(0, -1)), body: json }, 401, 'token-refused'],
    ['both tokens as one', { headers: bearer(`${token},${other}`), body: json }, 401, 'token-refused'],
    ['another scheme', { headers: { authorization: `Basic ${token}` }, body: json }, 401, 'token-refused'],
    ['a wrong token in the path', { path: '/wrong-token-in-path/decode', body: json }, 401, 'token-refused'],
    ['an escaped token in the path', { path: `/${token.replace('f', '%66')}/decode`, body: json }, 401, 'token-refused'],
    ['no token, and no JSON either', { body: 'x' }, 401, 'token-refused'],
    ['another page', { headers: { ...good, origin: 'http://evil.example' }, body: json }, 403, 'origin-not-allowed'],
    ['a page at another port', { headers: { ...good, origin: 'http://localhost:8234' }, body: json }, 403, 'origin-not-allowed'],
    ['a page whose host begins alike', { headers: { ...good, origin: `${origin}.evil.example` }, body: json }, 403, 'origin-not-allowed'],
    ['a page without an origin of its own', { headers: { ...good, origin: 'null' }, body: json }, 403, 'origin-not-allowed'],
    ['another page that asks beforehand', { method: 'OPTIONS', headers: { origin: 'http://evil.example' } }, 403, 'origin-not-allowed'],
    ['another path', { path: '/', headers: good, body: json }, 404, 'not-found'],
    ['a path that goes on', { path: '/decode/more', headers: good, body: json }, 404, 'not-found'],
    ['a path of slashes', { path: '//', headers: good, body: json }, 404, 'not-found'],
    ['another method', { method: 'GET', headers: good }, 405, 'method-not-allowed'],
    ['no body', { headers: good }, 400, 'body-malformed'],
    ['a body that is not JSON', { headers: good, body: '{"payloads":' }, 400, 'body-malformed'],
    ['JSON that is no object', { headers: good, body: '[]' }, 400, 'body-malformed'],
    ['no list of payloads', { headers: good, body: '{"payloads":{}}' }, 400, 'body-malformed'],
    ['a payload that is a text', { headers: good, body: '{"payloads":["x"]}' }, 400, 'body-malformed'],
    ['metadata that is not base64', { headers: good, body: '{"payloads":[{"metadata":{"encoding":"json/plain!"},"data":""}]}' }, 400, 'body-malformed'],
    ['data that is not base64', { headers: good, body: '{"payloads":[{"metadata":{},"data":"***"}]}' }, 400, 'body-malformed'],
    ['data that is a number', { headers: good, body: '{"payloads":[{"metadata":{},"data":1}]}' }, 400, 'body-malformed'],
    ['a body over the bound', { headers: good, body: ' '.repeat(maxBodyBytes + 1) }, 413, 'body-too-large'],
    ['one over the bound that does not say its size', { headers: { ...good, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(300_000) }, 413, 'body-too-large'],
    ['an encrypted payload that is cut', { headers: good, body: '{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2VuY3J5cHRlZA==","encryption-key-id":"aGVyZQ=="},"data":"AAAA"}]}' }, 422, 'payload-damaged'],
    ['an encrypted payload without a key id', { headers: good, body: '{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2VuY3J5cHRlZA=="},"data":"AAAA"}]}' }, 422, 'key-unknown'],
  ])('%s [payload:encryption]', async (_, asked, status, code) => {
    const answered = await ask(asked)
    expect([answered.status, (JSON.parse(answered.text) as { error: { code: string } }).error.code]).toEqual([status, code])
    expect(answered.headers['content-type']).toBe('application/json')
    if (status === 403) expect(answered.headers['access-control-allow-origin']).toBeUndefined()
    expect(refused).toHaveLength(1)
    expect(`${refused.join()}${answered.text}`).not.toMatch(/token-of|wrong-token|postcard|\*\*\*|plain!/)
  })

  test('a payload under a key that is not here, by the name of that key [payload:encryption]', async () => {
    const answered = await ask({ headers: { ...bearer(token), origin }, body: await sealed(elsewhere) })
    expect(answered.status).toBe(422)
    expect(answered.headers['access-control-allow-origin']).toBe(origin)
    expect(JSON.parse(answered.text)).toMatchObject({ error: { code: 'key-unknown', message: expect.stringMatching(/"elsewhere".*"here"/) as unknown } })
  })

  test('and what breaks off in the middle leaves it serving [payload:encryption]', async () => {
    const { hostname, port } = new URL(served.url)
    for (const bytes of ['POST /dec', `POST /decode HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 50\r\n\r\n{"pay`, '\0\0\0\r\n\r\n']) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.write(bytes)
      await sleep(20)
      socket.destroy()
    }
    expect((await ask({ headers: bearer(token), body: asJson([plain]) })).status).toBe(200)
  })
})

describe('where it can\'t listen', () => {
  test.each([
    ['an address that is taken', () => new URL(served.url).host, 'port-busy'],
    ['an address of another machine', () => '192.0.2.1:8234', 'config-invalid'],
  ])('%s is an error that names the setting [payload:encryption]', async (_, address, code) => {
    const access = { address: address(), tokens: [token], origins: [] }
    await expect(serveCodec({ codec, access })).rejects.toMatchObject({ code, message: expect.stringContaining('PERDURE_CODEC_ADDRESS') as unknown })
  })
})
