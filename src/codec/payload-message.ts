import type { Payload } from '@temporalio/common'

/*
 * A payload as the bytes of Temporal's message `temporal.api.common.v1.Payload`, so that a codec in any language can read what was
 * encrypted here: metadata is field 1, a map entry with key (1) and value (2); data is field 2. All of them are length-delimited.
 */

const lengthDelimited = 2

export function messageOfPayload({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => field(1, Buffer.concat([field(1, Buffer.from(key)), field(2, value)])))
  return Buffer.concat([...entries, ...(data && data.length > 0 ? [field(2, data)] : [])])
}

/** @throws RangeError where the bytes are no such message */
export function payloadOfMessage(message: Uint8Array): Payload {
  const metadata: Record<string, Uint8Array> = {}
  let data = new Uint8Array()
  for (const [number, value] of fieldsOf(message)) {
    if (number === 1) {
      const entry = new Map(fieldsOf(value))
      metadata[Buffer.from(entry.get(1) ?? []).toString()] = new Uint8Array(entry.get(2) ?? [])
    } else if (number === 2) data = new Uint8Array(value)
  }
  return { metadata, data }
}

function field(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | lengthDelimited, ...varint(value.length)]), value])
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

function* fieldsOf(bytes: Uint8Array): Generator<[number, Uint8Array]> {
  let at = 0
  const next = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number of the message does not end')
  }
  while (at < bytes.length) {
    const tag = next()
    if ((tag & 7) !== lengthDelimited) throw new RangeError('a field of the message is not length-delimited')
    const length = next()
    if (at + length > bytes.length) throw new RangeError('a field of the message is longer than the message')
    yield [tag >>> 3, bytes.subarray(at, at + length)]
    at += length
  }
}
