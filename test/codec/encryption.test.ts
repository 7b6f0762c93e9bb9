import { inspect } from 'node:util'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import proto from '@temporalio/proto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encryptionCodec } from '../../src/codec/encryption.ts'
import { keyRingProblems, newRingEntry, readKeyRing, writeKeyRing, type KeyRing } from '../../src/codec/key-ring.ts'
import { messageOfPayload, payloadOfMessage } from '../../src/codec/payload-message.ts'

const ringOf = (...ids: string[]): KeyRing => readKeyRing(ids.map(newRingEntry).join(','))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const text = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString()

const anyPayload: fc.Arbitrary<Payload> = fc.record({
  // Protobuf's own reader takes that one name for the prototype.
  metadata: fc.dictionary(fc.string({ unit: 'binary', maxLength: 200 }).filter((name) => name !== '__proto__'), fc.uint8Array({ maxLength: 300 }), { noNullPrototype: true }),
  data: fc.uint8Array({ maxLength: 20_000 }),
})

const encode = async (ring: KeyRing, payload: Payload): Promise<Payload> => (await encryptionCodec(ring).encode([payload]))[0] ?? {}
const decode = async (ring: KeyRing, payload: Payload): Promise<Payload> => (await encryptionCodec(ring).decode([payload]))[0] ?? {}

describe('an encrypted payload', () => {
  const ring = ringOf('a')

  test('comes back as it was, whatever it is, encrypted twice too [payload:encryption]', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (payload) => {
        const once = await encode(ring, payload)
        expect(await decode(ring, once)).toEqual(payload)
        expect(await decode(ring, await decode(ring, await encode(ring, once)))).toEqual(payload)
      }),
    )
  })

  test('tells the encoding, the key id and the size, and nothing else [payload:encryption]', async () => {
    const payload = defaultPayloadConverter.toPayload({ secret: 'heron-42' })
    const { metadata, data } = await encode(ring, payload)
    expect(Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, text(value)]))).toEqual({
      'encoding': 'binary/encrypted',
      'encryption-key-id': 'a',
    })
    expect(Buffer.from(data ?? []).toString('latin1')).not.toMatch(/heron|json|encoding/)
    expect(data?.length).toBe(12 + messageOfPayload(payload).length + 16)
  })

  test('is refused if any one bit of it is flipped [payload:encryption]', async () => {
    const sealed = await encode(ring, defaultPayloadConverter.toPayload('x'))
    for (let bit = 0; bit < (sealed.data?.length ?? 0) * 8; bit += 1) {
      const data = new Uint8Array(sealed.data ?? [])
      data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await expect(decode(ring, { ...sealed, data })).rejects.toMatchObject({ code: 'payload-damaged' })
    }
  })

  test('never has the same bytes twice [payload:encryption]', async () => {
    const payload = defaultPayloadConverter.toPayload('the same')
    const seen = new Set<string>()
    for (let count = 0; count < 1_000; count += 1) seen.add(Buffer.from((await encode(ring, payload)).data ?? []).toString('hex').slice(0, 24))
    expect(seen.size).toBe(1_000)
  })

  test('cut short, or without data or key id, is damaged or unknown, not a crash [payload:encryption]', async () => {
    const sealed = await encode(ring, defaultPayloadConverter.toPayload('x'))
    const { metadata = {}, data } = sealed
    const whole = data ?? new Uint8Array()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        await expect(decode(ring, { metadata, data: whole.slice(0, length) })).rejects.toMatchObject({ code: 'payload-damaged' })
      }),
    )
    await expect(decode(ring, { metadata })).rejects.toMatchObject({ code: 'payload-damaged' })
    await expect(decode(ring, { metadata: { encoding: bytes('binary/encrypted') }, data: whole })).rejects.toMatchObject({ code: 'key-unknown' })
  })
})

describe('a ring', () => {
  const [a, b] = [ringOf('a'), ringOf('b')]
  const payload = defaultPayloadConverter.toPayload('a sentence')

  test('encrypts under its first key and decrypts under each [payload:encryption]', async () => {
    const underA = await encode(a, payload)
    const both = [...b, ...a]
    expect(await decode(both, underA)).toEqual(payload)
    expect(text((await encode(both, payload)).metadata?.['encryption-key-id'])).toBe('b')
  })

  test('refuses what is under a key that it lacks, by the id of that key and what to do [payload:encryption]', async () => {
    const underA = await encode(a, payload)
    await expect(decode(b, underA)).rejects.toMatchObject({ code: 'key-unknown', message: matching(/"a".*keys here are "b".*PERDURE_ENCRYPTION_KEYS/) })
    await expect(decode([], underA)).rejects.toMatchObject({ code: 'key-unknown', message: matching(/no key is set here/) })
  })

  test('refuses what another key of the same id has encrypted, and a payload whose id was changed [payload:encryption]', async () => {
    const other = ringOf('a')
    await expect(decode(other, await encode(a, payload))).rejects.toMatchObject({ code: 'payload-damaged', message: matching(/"a"/) })
    // The same key under two ids: what binds a payload to its id is then nothing but the authenticated data.
    const [key] = a
    if (!key) throw new Error('the ring is empty')
    const underA = await encode(a, payload)
    const renamed = { ...underA, metadata: { ...underA.metadata, 'encryption-key-id': bytes('b') } }
    await expect(decode([{ ...key, id: 'b' }], renamed)).rejects.toMatchObject({ code: 'payload-damaged' })
  })

  test('leaves plain payloads as they are, and encrypts nothing if it is empty [payload:encryption]', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (plain) => {
        expect(await decode(a, plain)).toEqual(plain)
        expect(await encode([], plain)).toEqual(plain)
      }),
    )
  })

  test('comes back from its text; neither it nor its errors show a key [payload:encryption]', async () => {
    const entries = ['one', 'two'].map(newRingEntry)
    const ring = readKeyRing(entries.join(','))
    expect(writeKeyRing(ring)).toBe(entries.join(','))
    const shown = [inspect(ring, { depth: 9, showHidden: true }), JSON.stringify(ring)]
    for (const candidate of [a, ring, []]) {
      await decode(candidate, await encode(b, payload)).catch((error: unknown) => shown.push(inspect(error, { depth: 9, showHidden: true })))
    }
    expect(shown).toHaveLength(5)
    const secrets = [...entries, writeKeyRing(a), writeKeyRing(b)].map((entry) => entry.split(':')[1] ?? '')
    for (const secret of secrets) expect(shown.join('\n')).not.toContain(secret)
  })
})

describe('the text of a ring', () => {
  const good = newRingEntry('good')
  const key = good.slice('good:'.length)

  test.each([
    ['no colon', key, [/^entry 1 is not of the form ID:KEY/]],
    ['nothing after the colon', 'a:', [/^entry 1 is not of the form/]],
    ['a trailing comma', `${good},`, [/^entry 2 is not of the form/]],
    ['an empty id', `:${key}`, [/^entry 1 has an id/]],
    ['an id with a blank', `my key:${key}`, [/^entry 1 has an id/]],
    ['a key of 16 bytes', `a:${Buffer.alloc(16, 7).toString('base64')}`, [/^entry 1 has a key that is not 32 bytes/]],
    ['a key that is not base64', `a:${'*'.repeat(44)}`, [/^entry 1 has a key/]],
    ['a key and an id in the wrong order', `${key}:a`, [/^entry 1 has an id/, /^entry 1 has a key/]],
    ['one id twice', `${good},${newRingEntry('good')}`, [/^entry 2 has the id of an earlier entry/]],
    ['several of these', `${key},b b:${key},${good}`, [/^entry 1/, /^entry 2/]],
  ])('with %s is refused, every problem by its place and without a key', (_, ring, expected) => {
    const problems = keyRingProblems(ring)
    expect(problems).toHaveLength(expected.length)
    expected.forEach((pattern, index) => expect(problems[index]).toMatch(pattern))
    expect(() => readKeyRing(ring)).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    expect(problems.join('\n')).not.toContain(key)
  })

  test('may have blanks around its entries', () => {
    expect(readKeyRing(` ${good} , ${newRingEntry('b')}\n`).map(({ id }) => id)).toEqual(['good', 'b'])
  })

  test('gets no id that it could not hold', () => {
    expect(() => newRingEntry('a b')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

describe('the message of a payload', () => {
  const { Payload: Message } = proto.temporal.api.common.v1

  test('is the one of Temporal\'s API, both ways [payload:encryption]', () => {
    fc.assert(
      fc.property(anyPayload, (payload) => {
        const theirs = Message.decode(messageOfPayload(payload))
        expect(Object.entries(theirs.metadata).map(([key, value]) => [key, Buffer.from(value)])).toEqual(
          Object.entries(payload.metadata ?? {}).map(([key, value]) => [key, Buffer.from(value)]),
        )
        expect(Buffer.from(theirs.data)).toEqual(Buffer.from(payload.data ?? []))
        expect(payloadOfMessage(Message.encode(payload).finish())).toEqual(payload)
      }),
    )
  })

  test('that is none is a range error, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          payloadOfMessage(noise)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})
