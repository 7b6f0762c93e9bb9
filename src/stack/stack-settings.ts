import { createHash } from 'node:crypto'
import { writeKeyRing } from '../codec/key-ring.ts'
import { writePrices } from '../model/prices.ts'
import type { Config } from '../config/config.ts'
import { endpointOf, withoutCredentials } from '../config/describe.ts'
import { packageVersion } from '../stores/package-version.ts'

/**
 * What decides how a stack's worker behaves, by names that a person understands: whoever joins a running stack must want the
 * same. Secrets stand as one digest.
 */
export function stackSettings(config: Config): Record<string, string> {
  const { temporal, stores, model } = config
  const secrets = [...(config.encryption.length === 0 ? [] : [writeKeyRing(config.encryption)]), temporal.apiKey, model.apiKey, model.baseUrl, model.embeddingApiKey, model.embeddingBaseUrl, ...(stores.kind === 'servers' ? [stores.mongodbUri, stores.qdrantUrl, stores.qdrantApiKey] : [])]
  return {
    'version of perdure': packageVersion(),
    'Temporal server': temporal.address ?? 'its own',
    'port of the Temporal server': temporal.port?.toString() ?? 'any',
    'Temporal CLI': temporal.cli ?? 'any',
    'address over HTTP': config.httpAddress,
    'requests a minute of a key': String(config.httpRequestsPerMinute),
    'port of the Web UI': temporal.uiPort?.toString() ?? 'any',
    namespace: temporal.namespace,
    'task queue': config.taskQueue,
    memory: stores.kind === 'servers' ? `${withoutCredentials(stores.mongodbUri)} and ${withoutCredentials(stores.qdrantUrl)}` : 'embedded',
    'model endpoint': endpointOf(model),
    'embedding model': `${model.embeddingModel}, ${model.embeddingDimensions} dimensions`,
    'embedding endpoint': model.embeddingBaseUrl === undefined ? 'the same' : withoutCredentials(model.embeddingBaseUrl),
    'seconds of a request': String(model.requestSeconds),
    'tool choice': model.toolChoice,
    'tool format': model.toolFormat,
    'text in the Web UI': config.uiText ? 'on' : 'off',
    prices: writePrices(config.prices),
    telemetry: config.telemetry.on ? `at ${config.telemetry.metricsAddress}, log level ${config.telemetry.logLevel}` : 'off',
    'fault point': config.faults.point ?? 'none',
    'keys and credentials': createHash('sha256').update(JSON.stringify(secrets)).digest('hex').slice(0, 12),
  }
}

/** One line for each setting that differs: what is wanted here, and what the running stack has. */
export function settingsDifferences(wanted: Readonly<Record<string, string>>, running: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => running[name] !== value)
    .map(([name, value]) => (name.startsWith('keys') ? `${name}: others than here` : `${name}: ${running[name] ?? 'unknown'} there, ${value} here`))
}
