import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import { PerdureError } from '../protocol/errors.ts'
import type { KeyRing, RingKey } from './key-ring.ts'
import { messageOfPayload, payloadOfMessage } from './payload-message.ts'

/** The encoding in the metadata of an encrypted payload. An encrypted payload shows only this, the key's id, and its size. */
const encoding = 'binary/encrypted'
const keyIdField = 'encryption-key-id'

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts each payload, with its metadata, by AES-256-GCM under the first key of the ring: data is IV (96 random bits), ciphertext,
 * tag (128 bits). Encoding and key id are authenticated with it. Decodes what any key of the ring has encrypted; a payload that is
 * not encrypted passes as it is, so that workflows go on which began before encryption did.
 *
 * An empty ring encrypts nothing. Nothing binds a payload to its place: who can write Temporal's database can put one in the place of
 * another that was encrypted under the same key.
 * @throws PerdureError (from `decode`) `key-unknown`, `payload-damaged`; both name the key's id, neither a key
 */
export function encryptionCodec(ring: KeyRing): PayloadCodec {
  const [current] = ring
  return {
    encode: async (payloads) => (current === undefined ? payloads : payloads.map((payload) => encrypted(payload, current))),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypted(payload, ring) : payload)),
  }
}

function encrypted(payload: Payload, { id, secret }: RingKey): Payload {
  const iv = randomBytes(ivBytes)
  const gcm = createCipheriv(cipher, secret, iv, { authTagLength: tagBytes }).setAAD(boundTo(id))
  const data = Buffer.concat([iv, gcm.update(messageOfPayload(payload)), gcm.final(), gcm.getAuthTag()])
  return { metadata: { encoding: bytesOf(encoding), [keyIdField]: bytesOf(id) }, data: new Uint8Array(data) }
}

function decrypted({ metadata, data }: Payload, ring: KeyRing): Payload {
  const id = textOf(metadata?.[keyIdField])
  const key = ring.find((candidate) => candidate.id === id)
  if (key === undefined) {
    const known = ring.length === 0 ? 'no key is set here' : `the keys here are ${ring.map((candidate) => JSON.stringify(candidate.id)).join(', ')}`
    throw new PerdureError(
      'key-unknown',
      `a payload is encrypted under the key ${quoted(id)}, and ${known}; put that key into PERDURE_ENCRYPTION_KEYS, behind the first one`,
    )
  }
  try {
    if (!data || data.length < ivBytes + tagBytes) throw new RangeError('too short')
    const gcm = createDecipheriv(cipher, key.secret, data.subarray(0, ivBytes), { authTagLength: tagBytes })
    gcm.setAAD(boundTo(id)).setAuthTag(data.subarray(-tagBytes))
    return payloadOfMessage(Buffer.concat([gcm.update(data.subarray(ivBytes, -tagBytes)), gcm.final()]))
  } catch (error) {
    throw new PerdureError(
      'payload-damaged',
      `a payload can't be decrypted by the key ${quoted(id)}: it was changed, or PERDURE_ENCRYPTION_KEYS has another key under that id`,
      { cause: error },
    )
  }
}

/** The id of the key that encrypted the payload; undefined for a plain payload. */
export function keyIdOf(payload: Payload): string | undefined {
  return isEncrypted(payload) ? textOf(payload.metadata?.[keyIdField]) : undefined
}

const isEncrypted = ({ metadata }: Payload): boolean => textOf(metadata?.encoding) === encoding

/** The additional authenticated data. */
const boundTo = (keyId: string): Buffer => Buffer.from(`${encoding}\n${keyId}`)

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array())

/** Comes from outside: bounded, and on one line. */
const quoted = (id: string): string => JSON.stringify(id.slice(0, 64))
