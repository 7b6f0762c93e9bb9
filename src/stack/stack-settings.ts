import { createHash } from 'node:crypto'
import { writeKeyRing } from '../codec/key-ring.ts'
import { writePrices } from '../model/prices.ts'
import type { Config } from '../config/config.ts'
import { endpointOf, withoutCredentials } from '../config/describe.ts'
import { packageVersion } from '../stores/package-version.ts'

/**
 * What a process does with a stack that runs already, each of them more than those before it: talks to its agents; makes vectors itself; lets a person
 * talk to a model; keeps the stack, or brings it up for somebody. What it does not use may be otherwise there than here.
 */
export const stackUses = ['client', 'vectors', 'chat', 'stack'] as const
export type StackUse = (typeof stackUses)[number]

/**
 * What decides how a stack's processes behave, by names that a person understands: whoever joins a running stack must want the same of what it uses.
 * Secrets stand as digests.
 */
export function stackSettings(config: Config, use: StackUse = 'stack'): Record<string, string> {
  const { temporal, stores, model } = config
  const storeKeys = [...(config.encryption.length === 0 ? [] : [writeKeyRing(config.encryption)]), temporal.apiKey, ...(stores.kind === 'servers' ? [stores.mongodbUri, stores.qdrantUrl, stores.qdrantApiKey] : [])]
  const settings: Record<StackUse, Record<string, string>> = {
    client: {
      'version of perdure': packageVersion(),
      'Temporal server': temporal.address ?? 'its own',
      namespace: temporal.namespace,
      'task queue': config.taskQueue,
      memory: stores.kind === 'servers' ? `${withoutCredentials(stores.mongodbUri)} and ${withoutCredentials(stores.qdrantUrl)}` : 'embedded',
      'keys of Temporal and of the stores': digestOf(storeKeys),
    },
    vectors: {
      'model endpoint': endpointOf(model),
      'embedding model': `${model.embeddingModel}, ${model.embeddingDimensions} dimensions`,
      'embedding endpoint': model.embeddingBaseUrl === undefined ? 'the same' : withoutCredentials(model.embeddingBaseUrl),
      'keys of the models': digestOf([model.apiKey, model.baseUrl, model.embeddingApiKey, model.embeddingBaseUrl]),
    },
    chat: {
      'seconds of a request': String(model.requestSeconds),
      'tool choice': model.toolChoice,
      'tool format': model.toolFormat,
      prices: writePrices(config.prices),
      'fault point': config.faults.point ?? 'none',
    },
    stack: {
      'port of the Temporal server': temporal.port?.toString() ?? 'any',
      'Temporal CLI': temporal.cli ?? 'any',
      'address over HTTP': config.httpAddress,
      'requests a minute of a key': String(config.httpRequestsPerMinute),
      'port of the Web UI': temporal.uiPort?.toString() ?? 'any',
      'address of the Web UI': temporal.uiUrl ?? 'its own',
      'text in the Web UI': config.uiText ? 'on' : 'off',
      telemetry: config.telemetry.on ? `at ${config.telemetry.metricsAddress}, log level ${config.telemetry.logLevel}` : 'off',
    },
  }
  return Object.assign({}, ...stackUses.slice(0, stackUses.indexOf(use) + 1).map((used) => settings[used])) as Record<string, string>
}

const digestOf = (secrets: readonly (string | undefined)[]): string => createHash('sha256').update(JSON.stringify(secrets)).digest('hex').slice(0, 12)

/** One line for each setting that differs: what is wanted here, and what the running stack has. */
export function settingsDifferences(wanted: Readonly<Record<string, string>>, running: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => running[name] !== value)
    .map(([name, value]) => (name.startsWith('keys') ? `${name}: others than here` : `${name}: ${running[name] ?? 'unknown'} there, ${value} here`))
}
