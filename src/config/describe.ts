import type { Config, ModelConfig } from './config.ts'

/** The settings in force, one line each, for a person. They hold no secret. */
export function describeConfig(config: Config): string[] {
  const { temporal, stores, model } = config
  const memory =
    stores.kind === 'servers'
      ? `MongoDB at ${withoutCredentials(stores.mongodbUri)}, Qdrant at ${withoutCredentials(stores.qdrantUrl)}`
      : `the file ${stores.file}`
  const endpoint =
    model.kind === 'simulated'
      ? 'simulated, as neither OPENAI_API_KEY nor OPENAI_BASE_URL is set'
      : `at ${endpointOf(model)}, ${model.apiKey === undefined ? 'no key' : 'with a key'}`
  return [
    `home          ${config.home}`,
    `Temporal      ${temporal.address ?? 'its own server'}, namespace ${temporal.namespace}${temporal.apiKey === undefined ? '' : ', with a key'}`,
    ...(config.tenant === undefined ? [] : [`tenant        ${config.tenant}`]),
    `task queue    ${config.taskQueue}`,
    `memory        ${memory}`,
    `model         ${model.name}, ${endpoint}`,
    `window        ${model.contextWindow} tokens, tool choice ${model.toolChoice}, tool format ${model.toolFormat}${model.stream ? '' : ', not streamed'}`,
    ...samplingLine(model.sampling),
    `embeddings    ${model.embeddingModel}, ${model.embeddingDimensions} dimensions${model.embeddingBaseUrl === undefined ? '' : `, at ${withoutCredentials(model.embeddingBaseUrl)}`}`,
    ...(config.uiText ? ['Web UI        shows conversation text, as PERDURE_UI_TEXT is on'] : []),
    ...(config.encryption.length === 0 ? [] : [`encryption    under the key ${config.encryption.map(({ id }) => id).join('; also reads ')}`]),
    ...pricesLine(config),
    ...(config.deployment === undefined ? [] : [`deployment    ${config.deployment.name}, build ${config.deployment.buildId ?? 'named after its version and its workflows'}`]),
    ...(config.telemetry.on ? [`telemetry     on: metrics at ${config.telemetry.metricsAddress}, log level ${config.telemetry.logLevel}`] : []),
    ...(config.faults.point === undefined ? [] : [`fault         stops at ${config.faults.point}: for tests only`]),
  ]
}

/** Extra fields are named without their values, which may be private. */
function samplingLine({ extra, ...settings }: ModelConfig['sampling']): string[] {
  const parts = [...Object.entries(settings).map(([name, value]) => `${name} ${value}`), ...(extra === undefined ? [] : [`further fields ${Object.keys(extra).join(', ')}`])]
  return parts.length === 0 ? [] : [`sampling      ${parts.join(', ')}, where an agent says nothing else`]
}

function pricesLine({ prices, model }: Config): string[] {
  const price = Object.hasOwn(prices, model.name) ? prices[model.name] : undefined
  if (model.kind === 'simulated') return []
  return [`price         ${price === undefined ? `of ${model.name} not known; PERDURE_PRICES sets it` : `$${price.input} in, $${price.cached} cached, $${price.output} out, for a million tokens`}`]
}

/** Where the model answers. Without a base URL that is OpenAI's own endpoint. */
export function endpointOf(model: ModelConfig): string {
  if (model.kind === 'simulated') return 'simulated'
  return model.baseUrl === undefined ? 'OpenAI' : withoutCredentials(model.baseUrl)
}

/** User, password (in which there may be any sign) and query (which may hold a key) give way to dots. Not `URL`: it can't read a list of hosts. */
export function withoutCredentials(address: string): string {
  return address.replace(/\/\/.*@/, '//***@').replace(/\?.*$/, '?***')
}
