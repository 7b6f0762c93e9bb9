import { isSameSpace, type EmbeddingSpace } from '../../../stores/archival.ts'
import type { ModelConfig } from '../../../config/config.ts'
import { failure, ok, type Finding } from '../check.ts'

/** Whether archival memory holds vectors of the embedding model that is configured. */
export function sameSpace(stored: EmbeddingSpace, { embeddingModel, embeddingDimensions }: Pick<ModelConfig, 'embeddingModel' | 'embeddingDimensions'>, holds: string, about: string): Finding {
  const space = `${stored.model}, ${stored.dimensions} dimensions`
  if (isSameSpace(stored, { model: embeddingModel, dimensions: embeddingDimensions })) return ok(`${holds}, of ${space}`, about)
  return failure(
    `${holds}, of ${space}; configured are ${embeddingModel}, ${embeddingDimensions} dimensions`,
    `set PERDURE_EMBEDDING_MODEL to ${stored.model} and PERDURE_EMBEDDING_DIMENSIONS to ${stored.dimensions}, or run \`perdure reindex\`, which embeds all passages anew: archival memory can't be searched with another`,
    about,
  )
}
