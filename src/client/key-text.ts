import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { innerId, type Tenant } from '../protocol/tenant.ts'

const form = /^pdr_(?:([a-z0-9][a-z0-9_-]{0,63})\.)?([0-9a-f]{16})_([0-9a-f]{64})$/
const idForm = /^[0-9a-f]{16}$/

/**
 * A new key of 256 random bits. Its text is all that its holder needs, and is to be shown once; the digest is what is stored. The tenant is a part
 * of its id, so a key can't be told apart from whose it is.
 */
export function newKeyText(tenant?: Tenant): { readonly id: string; readonly text: string; readonly digest: string } {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('hex')
  return { id: innerId(tenant, id), text: `pdr_${tenant === undefined ? '' : `${tenant}.`}${id}_${secret}`, digest: digestOf(secret) }
}

/** The parts of a text that has a key's form: its id, and whether its secret is the one of a digest, which takes the same time for each. */
export function readKeyText(text: string): { readonly id: string; readonly isOf: (digest: string) => boolean } | undefined {
  const [, tenant, id, secret] = form.exec(text) ?? []
  if (id === undefined || secret === undefined) return undefined
  return { id: innerId(tenant, id), isOf: (digest) => timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digest)) }
}

/** A text without the secrets of keys that stand in it. Of each the id is left, which says whose it was. */
export const withoutSecrets = (text: string): string => text.replace(/(pdr(?:_|%5f)(?:[a-z0-9](?:[a-z0-9_-]|%5f|%2d){0,200}(?:\.|%2e))?[0-9a-f]{16}(?:_|%5f))[0-9a-f]+/gi, '$1…')

export const isKeyId = (text: string): boolean => idForm.test(text)

/** Secrets are random, so a quick digest is as good as a slow one. */
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
