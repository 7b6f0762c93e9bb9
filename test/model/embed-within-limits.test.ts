import { describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { embedWithinLimits, type EmbeddingLimits } from '../../src/model/openai/embed-within-limits.ts'

const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
const refusal = (status: number, message: string): ModelError => new ModelError(status === 413 ? 'context-overflow' : 'bad-request', message, { status })

/** An endpoint with limits; says how many texts each request had. */
function endpoint(refuses: (some: readonly string[]) => ModelError | undefined) {
  const asked: number[] = []
  const embed = (some: readonly string[]): Promise<readonly (readonly number[])[]> => {
    asked.push(some.length)
    const error = refuses(some)
    return error === undefined ? Promise.resolve(some.map((text) => [text.length, Number(text.split(' ')[1] ?? 0)])) : Promise.reject(error)
  }
  return { asked, embed }
}

describe('the limits of an embedding endpoint', () => {
  test.for([
    [32, 422, (sent: number) => `batch size ${sent} > maximum allowed batch size 32`],
    [10, 400, (sent: number) => `'$.input' is invalid: array too long, expected at most 10 items but got ${sent}`],
    [16, 400, () => 'too many inputs in one request'],
    [25, 413, (sent: number) => `batch size ${sent} > maximum allowed batch size 25`],
  ] as const)('are learned where it takes %i texts: all are embedded, in order, and later ones at once', async ([most, status, says]) => {
    const { asked, embed } = endpoint((some) => (some.length > most ? refusal(status, says(some.length)) : undefined))
    const limits: EmbeddingLimits = { texts: 64, characters: Infinity }
    const vectors = await embedWithinLimits(texts, limits, embed)
    expect(vectors.map(([, index]) => index)).toEqual(texts.map((_, index) => index))
    expect(limits.texts).toBe(most)
    asked.length = 0
    await embedWithinLimits(texts.slice(0, most), limits, embed)
    expect(asked).toEqual([most])
  })

  test('of all texts together part one request, and teach nothing of the next', async () => {
    const { embed } = endpoint((some) => (some.length > 8 ? refusal(400, 'this model has a maximum context length of 8192 tokens') : undefined))
    const limits: EmbeddingLimits = { texts: 64, characters: Infinity }
    expect((await embedWithinLimits(texts, limits, embed)).map(([, index]) => index)).toEqual(texts.map((_, index) => index))
    expect(limits.texts).toBe(64)
  })

  test('of one text: its beginning is embedded', async () => {
    const { embed } = endpoint((some) => (some.some((text) => text.length > 1_000) ? refusal(400, 'input is too long: 2,000 tokens, the limit is 512') : undefined))
    const limits: EmbeddingLimits = { texts: 64, characters: Infinity }
    const [first, second] = await embedWithinLimits(['x'.repeat(4_000), 'short'], limits, embed)
    expect(first?.[0]).toBeLessThanOrEqual(1_000)
    expect(first?.[0]).toBeGreaterThan(600)
    expect(second?.[0]).toBe(5)
  })

  test('are not learned from another failure', async () => {
    for (const error of [refusal(400, 'no such model'), new ModelError('refused', 'bad key', { status: 401 }), new Error('a bug in a batch')]) {
      const { asked, embed } = endpoint(() => error as ModelError)
      await expect(embedWithinLimits(texts, { texts: 64, characters: Infinity }, embed)).rejects.toBe(error)
      expect(asked).toEqual([64])
    }
  })
})
