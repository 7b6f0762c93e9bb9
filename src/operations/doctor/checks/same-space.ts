import { embeddingSpaceOfName } from '../../../model/embedding-space-name.ts'
import { isSameSpace, type EmbeddingSpace } from '../../../stores/archival.ts'
import type { ModelConfig } from '../../../config/config.ts'
import { embeddingSpaceOf } from '../../../config/embeddings.ts'
import { failure, ok, type Finding } from '../check.ts'

/** Whether archival memory holds vectors of the embedding model that is configured. */
export function sameSpace(stored: EmbeddingSpace, model: ModelConfig, holds: string, about: string): Finding {
  const space = `${stored.model}, ${stored.dimensions} dimensions`
  const configured = embeddingSpaceOf(model)
  if (isSameSpace(stored, configured)) return ok(`${holds}, of ${space}`, about)
  const before = embeddingSpaceOfName(stored.model)
  return failure(
    `${holds}, of ${space}; configured are ${configured.model}, ${configured.dimensions} dimensions`,
    `set PERDURE_EMBEDDING_MODEL to ${before.model}, PERDURE_EMBEDDING_DIMENSIONS to ${stored.dimensions} and PERDURE_EMBEDDING_PASSAGE_PREFIX to ${before.passagePrefix ?? 'nothing'}, or run \`perdure reindex\`, which embeds all passages anew: archival memory can't be searched with another`,
    about,
  )
}
