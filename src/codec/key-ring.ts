import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'

export interface RingKey {
  readonly id: string
  /** A key of 32 bytes. The object prints and serialises as nothing, so that no log shows the key by accident. */
  readonly secret: KeyObject
}

/** The first key encrypts, all of them decrypt. An empty ring encrypts nothing, and refuses what is encrypted. */
export type KeyRing = readonly RingKey[]

const keyBytes = 32
const idPattern = /^[\w.-]{1,64}$/
const keyPattern = /^[A-Za-z0-9+/]{43}=$/

/**
 * A ring as text: `id:key,id2:key2`, the current key first. An id has 1 to 64 of letters, digits, `.`, `_`, `-`; a key is 32 bytes
 * in base64.
 * @throws PerdureError `config-invalid` with every problem; no key is in it
 */
export function readKeyRing(text: string): KeyRing {
  const problems = keyRingProblems(text)
  if (problems.length > 0) throw new PerdureError('config-invalid', ['the key ring is not usable:', ...problems].join('\n  '))
  return entriesOf(text).map(({ id, key }) => ({ id, secret: createSecretKey(key, 'base64') }))
}

/** The inverse of `readKeyRing`: the keys themselves, for another process that needs them. */
export function writeKeyRing(ring: KeyRing): string {
  return ring.map(({ id, secret }) => `${id}:${secret.export().toString('base64')}`).join(',')
}

/** A new key as an entry for a ring. @throws PerdureError `invalid-argument` for an id that a ring can't hold */
export function newRingEntry(id: string): string {
  if (!idPattern.test(id)) throw invalidArgument(`${JSON.stringify(id)} is no key id; write 1 to 64 letters, digits, ".", "_" or "-"`)
  return `${id}:${randomBytes(keyBytes).toString('base64')}`
}

/** What is wrong with each entry. Entries are named by their place, since a quoted id could be a key that somebody put in the wrong place. */
export function keyRingProblems(text: string): string[] {
  const entries = entriesOf(text)
  return entries.flatMap(({ id, key }, index) => {
    const entry = `entry ${index + 1}`
    if (key === '') return [`${entry} is not of the form ID:KEY; \`perdure encryption-key\` prints one`]
    return [
      ...(idPattern.test(id) ? [] : [`${entry} has an id that is not 1 to 64 letters, digits, ".", "_" or "-"`]),
      ...(keyPattern.test(key) ? [] : [`${entry} has a key that is not ${keyBytes} bytes in base64 (44 characters); \`perdure encryption-key\` makes one`]),
      ...(entries.findIndex((other) => other.id === id) < index ? [`${entry} has the id of an earlier entry; each id stands for one key`] : []),
    ]
  })
}

interface Entry {
  readonly id: string
  readonly key: string
}

function entriesOf(text: string): Entry[] {
  return text.split(',').map((entry) => {
    const [id = '', key = ''] = entry.trim().split(/:(.*)/s)
    return { id, key }
  })
}
