import { ApplicationFailure } from '@temporalio/activity'
import { ModelError } from '../../model/model-error.ts'
import type { DocumentFailure, DocumentRef } from '../../protocol/documents.ts'
import { isAwayForNow, messageOf, PerdureError } from '../../protocol/errors.ts'
import type { DocumentStore } from '../../stores/documents.ts'

/** An endpoint that is away, or busy, is waited for; what it refuses it will refuse again. */
export function embedderFailure(error: unknown): ApplicationFailure | undefined {
  if (!ModelError.isInstance(error)) return undefined
  const { message, retryable, retryAfterMs } = error
  return ApplicationFailure.create({ message, type: codeOf(error), nonRetryable: !retryable, ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs }) })
}

/** Why a document can't be loaded, however often it is tried; undefined for what may pass. `last`: what nobody has named is final too. */
export function finalErrorOf(error: unknown, { last }: { readonly last: boolean }): DocumentFailure | undefined {
  const detail = messageOf(error)
  if (PerdureError.isInstance(error)) return isAwayForNow(error) ? undefined : { code: error.code, detail }
  if (ModelError.isInstance(error)) return error.retryable ? undefined : { code: codeOf(error), detail }
  return last ? { code: 'document-broken', detail: `it can't be loaded: ${detail}` } : undefined
}

const codeOf = ({ retryable }: ModelError): 'model-unreachable' | 'model-refused' => (retryable ? 'model-unreachable' : 'model-refused')

/** Puts it down by name. A document that was given over again meanwhile belongs to another load, and stays as it is. */
export async function recordFailure(documents: DocumentStore, { agentId, name, hash, set }: DocumentRef, { code, detail }: DocumentFailure): Promise<void> {
  const document = await documents.get(agentId, name)
  if (document?.set === set && (document.status === 'waiting' || document.status === 'removing')) {
    await documents.put({ ...document, status: 'failed', code, detail, at: new Date().toISOString() }, document)
  }
  if (!(await documents.isUsed(agentId, hash))) await documents.dropContent(agentId, hash)
}
