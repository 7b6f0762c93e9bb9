import { writeKeyRing } from '../codec/key-ring.ts'
import { writePrices } from '../model/prices.ts'
import type { Config } from './config.ts'
import { noSettingsFile } from './settings-file.ts'
import type { VariableName } from './variables.ts'

/**
 * The variables that give another process this configuration: the inverse of `readConfig`. All names are there, so that
 * spread over an inherited environment it also takes away what was not set (Node leaves out variables that are undefined).
 */
export function environmentOf(config: Config): Record<VariableName, string | undefined> {
  const { temporal, stores, model, faults, encryption, codecServer } = config
  const servers = stores.kind === 'servers' ? stores : undefined
  return {
    // All of it is here. A file that was read is not to be read again, as a variable may have to be absent.
    PERDURE_CONFIG: noSettingsFile,
    PERDURE_HOME: config.home,
    PERDURE_TENANT: config.tenant,
    PERDURE_TASK_QUEUE: config.taskQueue,
    PERDURE_TEMPORAL_PORT: temporal.port?.toString(),
    PERDURE_UI_PORT: temporal.uiPort?.toString(),
    PERDURE_UI_URL: temporal.uiUrl,
    PERDURE_TEMPORAL_CLI: temporal.cli,
    PERDURE_MODEL: model.name,
    PERDURE_CONTEXT_WINDOW: model.contextWindow.toString(),
    PERDURE_EMBEDDING_MODEL: model.embeddingModel,
    PERDURE_EMBEDDING_DIMENSIONS: model.embeddingDimensions.toString(),
    PERDURE_EMBEDDING_BASE_URL: model.embeddingBaseUrl,
    PERDURE_EMBEDDING_API_KEY: model.embeddingApiKey,
    PERDURE_EMBEDDING_PASSAGE_PREFIX: model.embeddingPassagePrefix,
    PERDURE_EMBEDDING_QUERY_PREFIX: model.embeddingQueryPrefix,
    PERDURE_REQUEST_SECONDS: model.requestSeconds.toString(),
    PERDURE_TOOL_CHOICE: model.toolChoice,
    PERDURE_TOOL_FORMAT: model.toolFormat,
    PERDURE_STREAM: model.stream ? 'on' : 'off',
    PERDURE_TEMPERATURE: model.sampling.temperature?.toString(),
    PERDURE_TOP_P: model.sampling.topP?.toString(),
    PERDURE_SEED: model.sampling.seed?.toString(),
    PERDURE_REASONING_EFFORT: model.sampling.reasoningEffort,
    PERDURE_MAX_OUTPUT_TOKENS: model.sampling.maxOutputTokens?.toString(),
    PERDURE_EXTRA_BODY: model.sampling.extra === undefined ? undefined : JSON.stringify(model.sampling.extra),
    PERDURE_CACHED_AGENTS: config.cachedAgents.toString(),
    PERDURE_UI_TEXT: config.uiText ? 'on' : 'off',
    PERDURE_PRICES: writePrices(config.prices),
    PERDURE_TELEMETRY: config.telemetry.on ? 'on' : 'off',
    PERDURE_METRICS_ADDRESS: config.telemetry.metricsAddress,
    PERDURE_LOG_LEVEL: config.telemetry.logLevel,
    PERDURE_ENCRYPTION_KEYS: writeKeyRing(encryption),
    PERDURE_CODEC_ADDRESS: codecServer.address,
    PERDURE_CODEC_TOKENS: codecServer.tokens.join(','),
    PERDURE_CODEC_ORIGINS: codecServer.origins.join(','),
    PERDURE_HTTP_ADDRESS: config.httpAddress,
    PERDURE_HTTP_REQUESTS_PER_MINUTE: config.httpRequestsPerMinute.toString(),
    PERDURE_OPENAI_TASKS: config.frontEndTasks,
    PERDURE_DEPLOYMENT: config.deployment?.name,
    PERDURE_BUILD_ID: config.deployment?.buildId,
    PERDURE_FAULT_POINT: faults.point,
    PERDURE_FAULT_DIR: faults.dir,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_API_KEY: temporal.apiKey,
    MONGODB_URI: servers?.mongodbUri,
    QDRANT_URL: servers?.qdrantUrl,
    QDRANT_API_KEY: servers?.qdrantApiKey,
    OPENAI_API_KEY: model.apiKey,
    OPENAI_BASE_URL: model.baseUrl,
  }
}
