import { embedderSettingsOf } from '../../../config/embeddings.ts'
import { endpointOf } from '../../../config/describe.ts'
import { probeModel, type ProbeFinding } from '../probe.ts'
import { ok, type Check, type Finding } from '../check.ts'

/** Costs a few hundred tokens where an endpoint is configured. */
export const model: Check = {
  name: 'model',
  settings: ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'PERDURE_MODEL', 'PERDURE_TOOL_CHOICE', 'PERDURE_TOOL_FORMAT', 'PERDURE_EMBEDDING_MODEL', 'PERDURE_EMBEDDING_DIMENSIONS', 'PERDURE_EMBEDDING_BASE_URL', 'PERDURE_EMBEDDING_API_KEY', 'PERDURE_REQUEST_SECONDS', 'PERDURE_TEMPERATURE', 'PERDURE_TOP_P', 'PERDURE_SEED', 'PERDURE_REASONING_EFFORT', 'PERDURE_EXTRA_BODY'],
  failure: 'unavailable',
  // Small models on slow machines take their time for three answers; whether anything is there at all is known sooner.
  limitMs: 90_000,
  run: async ({ config: { model: configured } }, signal) => {
    if (configured.kind === 'simulated') return [ok('simulated, as neither OPENAI_API_KEY nor OPENAI_BASE_URL is set: it understands little')]
    const findings = await probeModel(
      {
        apiKey: configured.apiKey ?? '',
        ...(configured.baseUrl !== undefined && { baseURL: configured.baseUrl }),
        model: configured.name,
        contextWindow: configured.contextWindow,
        toolChoice: configured.toolChoice,
        toolFormat: configured.toolFormat,
        sampling: configured.sampling,
        embeddings: embedderSettingsOf(configured),
      },
      signal,
    )
    return [ok(`${configured.name} at ${endpointOf(configured)}`), ...findings.map(asFinding)]
  },
}

function asFinding({ capability, state, found, advice, essential }: ProbeFinding): Finding {
  const level = state === 'ok' ? 'ok' : essential && state === 'missing' ? 'failure' : essential || advice !== undefined ? 'warning' : 'ok'
  return { level, about: capability, found, ...(level !== 'ok' && { advice: advice ?? 'ask again' }) }
}
