/** What any embedding model takes that is there, and is the one that was set. */
const plainText = 'text'

export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>

/** How many texts of one request. Less after a request that failed for their number, as one that a slow model did not answer in time. */
export interface RequestSize {
  texts: number
  readonly most: number
  /** Whether there are less for a text that was refused: then there are more again with each request that is answered. */
  grows?: boolean
}

/**
 * Embeds texts, and leaves out what the model does not take: where a request fails and one of a plain word does not, fewer are asked for, and at last one
 * alone. So one text that is always refused, or a model that is slow, keeps nothing back but that text; and of many that are refused in a row each costs
 * two requests.
 * @returns a vector for each text; undefined for one that is refused, of which `onRefused` is told
 * @throws what `embed` throws where it does not take a plain word either: the model is away, or is not what was set
 */
export async function embedWhatIsTaken(embed: Embed, { texts, size, onRefused }: {
  readonly texts: readonly string[]
  readonly size: RequestSize
  readonly onRefused: (index: number, error: unknown) => void
}): Promise<readonly (readonly number[] | undefined)[]> {
  const vectors: (readonly number[] | undefined)[] = []
  while (vectors.length < texts.length) {
    const some = texts.slice(vectors.length, vectors.length + size.texts)
    try {
      vectors.push(...(await embed(some)))
      if (size.grows) size.texts = Math.min(size.most, size.texts * 2)
    } catch (error) {
      await embed([plainText])
      size.texts = Math.ceil(some.length / 2)
      // Where it fails at one again, that one was the reason, not their number.
      size.grows = some.length === 1
      if (some.length > 1) continue
      onRefused(vectors.length, error)
      vectors.push(undefined)
    }
  }
  return vectors
}
