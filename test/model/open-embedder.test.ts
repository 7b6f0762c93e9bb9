import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { openEmbedder } from '../../src/open-embedder.ts'
import { openModel } from '../../src/worker/open-model.ts'
import type { Embedder } from '../../src/model/model.ts'
import { imitateEndpoint, type ImitatedEndpoint } from '../support/imitated-endpoint.ts'

let endpoints: ImitatedEndpoint[] = []
afterEach(async () => {
  for (const endpoint of endpoints) await endpoint.close()
  endpoints = []
})

async function startEndpoint(): Promise<ImitatedEndpoint> {
  const endpoint = await imitateEndpoint(({ body }) => ({ body: { data: (body.input as string[]).map(() => ({ embedding: [1, 0] })) } }))
  endpoints.push(endpoint)
  return endpoint
}

const openers: readonly (readonly [who: string, open: (config: ReturnType<typeof readConfig>) => Promise<Embedder>])[] = [
  ['a client', async ({ model }) => openEmbedder(model)],
  ['a worker', async (config) => (await openModel(config)).embedder],
]

describe('the configured embedding model', () => {
  test.each(openers)('is asked by %s at its own endpoint, with its own key and words, and its vectors have one name [model:any archival:embedding-guard]', async (_, open) => {
    const [chat, embeddings] = [await startEndpoint(), await startEndpoint()]
    const embedder = await open(
      readConfig({
        OPENAI_BASE_URL: chat.url, OPENAI_API_KEY: 'key-of-chat', PERDURE_EMBEDDING_BASE_URL: embeddings.url, PERDURE_EMBEDDING_API_KEY: 'key-of-embeddings',
        PERDURE_EMBEDDING_MODEL: 'e5', PERDURE_EMBEDDING_DIMENSIONS: '2', PERDURE_EMBEDDING_PASSAGE_PREFIX: 'passage: ', PERDURE_EMBEDDING_QUERY_PREFIX: 'query: ',
      }),
    )
    expect(embedder).toMatchObject({ model: 'e5 after "passage:"', dimensions: 2 })
    await embedder.embed(['tea'], new AbortController().signal)
    await embedder.embed(['tea'], new AbortController().signal, 'query')
    expect(chat.requests).toEqual([])
    expect(embeddings.requests.map(({ headers, body }) => [headers.authorization, body.model, body.input])).toEqual([
      ['Bearer key-of-embeddings', 'e5', ['passage: tea']],
      ['Bearer key-of-embeddings', 'e5', ['query: tea']],
    ])
  })
})
