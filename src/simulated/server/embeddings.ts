import { z } from 'zod'
import type { Embedder } from '../../model/model.ts'
import { countTokens } from '../../model/tokens.ts'
import { RequestError } from './read-body.ts'

const embeddingsBody = z.object({
  input: z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1).max(2_048)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
})

/** @throws RequestError 400 naming the field */
export async function embeddingsAnswer(embedder: Embedder, json: unknown, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  const body = embeddingsBody.safeParse(json)
  if (!body.success) throw new RequestError(400, `the body is no embeddings request: ${z.prettifyError(body.error)}`)
  const { input, encoding_format: format } = body.data
  const vectors = await embedder.embed(input, signal)
  const tokens = input.reduce((sum, text) => sum + countTokens(text), 0)
  return {
    object: 'list',
    model: embedder.model,
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: format === 'base64' ? asBase64(vector) : vector })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

/** Little-endian 32-bit floats, as the protocol has it; the `openai` package asks for it unless told otherwise. */
function asBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4))
  return bytes.toString('base64')
}
