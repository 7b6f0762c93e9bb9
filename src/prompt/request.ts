import { createHash } from 'node:crypto'
import type { ModelRequest } from '../model/model.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { withoutUndefined } from '../protocol/without-undefined.ts'

/** What the model's client is given. Its fields stand in this order, always: the digest is of its text. */
export function requestOf(
  { model, sampling }: Pick<AgentDefinition, 'model' | 'sampling'>,
  { messages, tools, maxOutputTokens }: Pick<ModelRequest, 'messages' | 'tools' | 'maxOutputTokens'>,
): ModelRequest {
  return { model, messages, tools, ...(sampling && { sampling: withoutUndefined({ ...sampling, maxOutputTokens: undefined }) }), maxOutputTokens }
}

/**
 * Of a request as it is given to the model's client, and not of what that makes of it for its endpoint.
 * @returns SHA-256 of its JSON, in hexadecimal digits
 */
export function requestDigest(request: ModelRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex')
}
