import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { usualCodecAddress, usualOrigins, type CodecAccess } from '../codec/access.ts'
import type { KeyRing } from '../codec/key-ring.ts'
import { settingsOf, withItsFile, type Environment } from './settings-file.ts'
import { configSchema, variableNames, type VariableName } from './variables.ts'
import type { FrontEndTaskMode } from '../protocol/aside.ts'
import { closestWord } from '../protocol/closest-word.ts'
import type { Prices } from '../model/prices.ts'
import { defaults } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { defaultTaskQueue } from '../protocol/ids.ts'
import type { Sampling } from '../protocol/sampling.ts'
import type { StoresConfig } from '../stores/open.ts'

export type { Environment, StoresConfig }

/** Everything that can be set, checked. Made by `readConfig` only. */
export interface Config {
  /** Folder of all that a local stack writes. Absolute. */
  readonly home: string
  /** Whose agents a command has to do with. Absent: the default tenant's. */
  readonly tenant?: string
  readonly taskQueue: string
  readonly temporal: {
    /** Absent: the stack brings up its own server. */
    readonly address?: string
    readonly namespace: string
    readonly apiKey?: string
    /** Ports that the stack's own server must take; absent: the usual ones, or free ones. */
    readonly port?: number
    readonly uiPort?: number
    /** Where browsers find the Web UI of the server. Absent: not known; the stack knows its own. */
    readonly uiUrl?: string
    /** The Temporal CLI from which that server is started; absent: it is looked for, and installed where there is none. Absolute. */
    readonly cli?: string
  }
  readonly stores: StoresConfig
  readonly model: ModelConfig
  /** How many agents each worker keeps in memory. */
  readonly cachedAgents: number
  /** Whether conversation text may be shown in Temporal's Web UI. */
  readonly uiText: boolean
  /** What models cost. */
  readonly prices: Prices
  readonly telemetry: TelemetryConfig
  /** Keys for what Temporal stores of agents, the current one first; none: it is not encrypted. */
  readonly encryption: KeyRing
  readonly codecServer: CodecAccess
  /** Where `perdure serve` listens, as `host:port`. */
  readonly httpAddress: string
  /** How many requests of one access key each server takes. */
  readonly httpRequestsPerMinute: number
  /** What becomes of the tasks of front ends. */
  readonly frontEndTasks: FrontEndTaskMode
  /** Workers are versions of a deployment; absent: they are not versioned. */
  readonly deployment?: { readonly name: string; readonly buildId?: string }
  /** For tests of crashes: where the process stops itself, and the folder that remembers that it did. */
  readonly faults: { readonly point?: string; readonly dir?: string }
}

export interface TelemetryConfig {
  readonly on: boolean
  /** Where Prometheus reads the metrics. */
  readonly metricsAddress: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

export interface ModelConfig {
  /** `simulated`: neither key nor endpoint was given. */
  readonly kind: 'endpoint' | 'simulated'
  readonly baseUrl?: string
  readonly apiKey?: string
  readonly name: string
  readonly contextWindow: number
  readonly toolChoice: 'auto' | 'required'
  /** How the model is told of its tools; `auto`: by tool calls, as text where the endpoint refuses them. */
  readonly toolFormat: 'auto' | 'native' | 'text'
  /** Whether text is shown as the model writes it. */
  readonly stream: boolean
  /** For agents that do not say it themselves. */
  readonly sampling: Sampling
  readonly embeddingModel: string
  /** Absent: at the model's endpoint, with its key. */
  readonly embeddingBaseUrl?: string
  readonly embeddingApiKey?: string
  /** What a model that tells the two apart wants before each text that is stored, and before each that is searched for. */
  readonly embeddingPassagePrefix?: string
  readonly embeddingQueryPrefix?: string
  /** How long one request to an endpoint may take, its answer included. */
  readonly requestSeconds: number
  readonly embeddingDimensions: number
}

/** Where programs that talk to agents look for a server. */
const usualHttpAddress = '127.0.0.1:8283'

export const simulatedModelName = defaults.model
/** The simulated model costs nothing. Of others only the user knows what they cost. */
const ownPrices: Prices = { [simulatedModelName]: { input: 0, cached: 0, output: 0 } }
const simulatedEmbedding = { model: 'perdure-simulated-embedding', dimensions: 384 }
const endpointDefaults = { model: 'gpt-4.1-mini', embeddingModel: 'text-embedding-3-small' }
const knownDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
  [simulatedEmbedding.model]: simulatedEmbedding.dimensions,
}

/**
 * Reads the whole configuration from environment variables, and from the file that `PERDURE_CONFIG` among them names; where both set
 * something, the variable counts.
 * @throws PerdureError `config-invalid` with every problem found, one per line; no value of a secret is in it
 */
export function readConfig(env: Environment): Config {
  const settings = settingsOf(env)
  const given = settings.env
  const parsed = configSchema.safeParse(given)
  const quoted = quotedVariables(given)
  const issues = (parsed.error?.issues ?? []).filter(({ path: [name] }) => !quoted.some((variable) => variable === name))
  const found = [
    ...unknownVariables(given),
    ...quoted.map((name) => `${name} stands in quotation marks, which some programs leave there when they read a file of variables: write it without them`),
    ...issues.map((issue) => `${String(issue.path[0])} ${issue.message}`),
    ...contradictions(given),
  ]
  const problems = [...settings.problems, ...found.map((problem) => withItsFile(problem, settings))]
  if (problems.length > 0 || !parsed.success) {
    throw new PerdureError('config-invalid', `the configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
  const value = parsed.data
  const home = absoluteHome(value.PERDURE_HOME, given)
  return {
    home,
    ...optional('tenant', value.PERDURE_TENANT),
    taskQueue: value.PERDURE_TASK_QUEUE ?? defaultTaskQueue,
    temporal: {
      namespace: value.TEMPORAL_NAMESPACE ?? 'default',
      ...optional('address', value.TEMPORAL_ADDRESS),
      ...optional('apiKey', value.TEMPORAL_API_KEY),
      ...optional('port', value.PERDURE_TEMPORAL_PORT),
      ...optional('uiPort', value.PERDURE_UI_PORT),
      ...optional('uiUrl', value.PERDURE_UI_URL),
      ...optional('cli', value.PERDURE_TEMPORAL_CLI === undefined ? undefined : resolve(value.PERDURE_TEMPORAL_CLI)),
    },
    stores:
      value.MONGODB_URI !== undefined && value.QDRANT_URL !== undefined
        ? { kind: 'servers', mongodbUri: value.MONGODB_URI, qdrantUrl: value.QDRANT_URL, ...optional('qdrantApiKey', value.QDRANT_API_KEY) }
        : { kind: 'embedded', file: join(home, 'memory.db') },
    model: modelConfig(value),
    cachedAgents: value.PERDURE_CACHED_AGENTS ?? 500,
    uiText: value.PERDURE_UI_TEXT ?? false,
    prices: { ...ownPrices, ...value.PERDURE_PRICES },
    telemetry: {
      on: value.PERDURE_TELEMETRY ?? false,
      metricsAddress: value.PERDURE_METRICS_ADDRESS ?? '127.0.0.1:9464',
      logLevel: value.PERDURE_LOG_LEVEL ?? 'info',
    },
    encryption: value.PERDURE_ENCRYPTION_KEYS ?? [],
    codecServer: {
      address: value.PERDURE_CODEC_ADDRESS ?? usualCodecAddress,
      tokens: value.PERDURE_CODEC_TOKENS ?? [],
      origins: value.PERDURE_CODEC_ORIGINS ?? usualOrigins(value.PERDURE_UI_PORT),
    },
    httpAddress: value.PERDURE_HTTP_ADDRESS ?? usualHttpAddress,
    httpRequestsPerMinute: value.PERDURE_HTTP_REQUESTS_PER_MINUTE ?? 600,
    frontEndTasks: value.PERDURE_OPENAI_TASKS ?? 'aside',
    ...optional('deployment', value.PERDURE_DEPLOYMENT === undefined ? undefined : { name: value.PERDURE_DEPLOYMENT, ...optional('buildId', value.PERDURE_BUILD_ID) }),
    faults: { ...optional('point', value.PERDURE_FAULT_POINT), ...optional('dir', value.PERDURE_FAULT_DIR === undefined ? undefined : resolve(value.PERDURE_FAULT_DIR)) },
  }
}

function modelConfig(value: z.infer<typeof configSchema>): ModelConfig {
  const simulated = value.OPENAI_API_KEY === undefined && value.OPENAI_BASE_URL === undefined
  const embeddingModel = value.PERDURE_EMBEDDING_MODEL ?? (simulated ? simulatedEmbedding.model : endpointDefaults.embeddingModel)
  return {
    kind: simulated ? 'simulated' : 'endpoint',
    ...optional('baseUrl', value.OPENAI_BASE_URL),
    ...optional('apiKey', value.OPENAI_API_KEY),
    name: value.PERDURE_MODEL ?? (simulated ? simulatedModelName : endpointDefaults.model),
    contextWindow: value.PERDURE_CONTEXT_WINDOW ?? defaults.contextWindow,
    toolChoice: value.PERDURE_TOOL_CHOICE ?? 'auto',
    toolFormat: value.PERDURE_TOOL_FORMAT ?? 'auto',
    stream: value.PERDURE_STREAM ?? true,
    sampling: {
      ...optional('temperature', value.PERDURE_TEMPERATURE),
      ...optional('topP', value.PERDURE_TOP_P),
      ...optional('seed', value.PERDURE_SEED),
      ...optional('reasoningEffort', value.PERDURE_REASONING_EFFORT),
      ...optional('maxOutputTokens', value.PERDURE_MAX_OUTPUT_TOKENS),
      ...optional('extra', value.PERDURE_EXTRA_BODY),
    },
    embeddingModel,
    ...optional('embeddingBaseUrl', value.PERDURE_EMBEDDING_BASE_URL),
    ...optional('embeddingApiKey', value.PERDURE_EMBEDDING_API_KEY),
    ...optional('embeddingPassagePrefix', value.PERDURE_EMBEDDING_PASSAGE_PREFIX?.trim()),
    ...optional('embeddingQueryPrefix', value.PERDURE_EMBEDDING_QUERY_PREFIX?.trim()),
    requestSeconds: value.PERDURE_REQUEST_SECONDS ?? 600,
    embeddingDimensions: value.PERDURE_EMBEDDING_DIMENSIONS ?? knownDimensions[embeddingModel] ?? simulatedEmbedding.dimensions,
  }
}

/** `docker run --env-file` and some managers of services hand on what stands behind the `=` as it is. */
const quotedVariables = (given: Environment): readonly VariableName[] => variableNames.filter((name) => /^\s*(["']).*\1\s*$/s.test(given[name] ?? ''))

/** Of settings that are not Perdure's alone; what an endpoint is asked with comes first, as it is what most people set. */
const namesOfOthers = variableNames.filter((name) => !name.startsWith('PERDURE_')).toSorted((a, b) => Number(b.startsWith('OPENAI_')) - Number(a.startsWith('OPENAI_')))

function unknownVariables(given: Environment): string[] {
  const ours = variableNames.filter((name) => name.startsWith('PERDURE_'))
  return Object.keys(given)
    .filter((name) => name.startsWith('PERDURE_') && !variableNames.includes(name as VariableName))
    .map((name) => {
      const meant = namesOfOthers.find((known) => name === `PERDURE_${known}` || name === `PERDURE_${known.replace(/^[A-Z]+_/, '')}`) ?? closestWord(name, ours)
      return `${name} is not a setting; ${meant === undefined ? `the settings are ${ours.join(', ')}` : `did you mean ${meant}?`}`
    })
}

/** Problems of several settings together, each of which is right alone. */
function contradictions(given: Environment): string[] {
  const problems: string[] = []
  if (given.MONGODB_URI !== undefined && given.QDRANT_URL === undefined) {
    problems.push('QDRANT_URL is missing beside MONGODB_URI; set both for memory in servers, or neither for memory in a file')
  }
  if (given.QDRANT_URL !== undefined && given.MONGODB_URI === undefined) {
    problems.push('MONGODB_URI is missing beside QDRANT_URL; set both for memory in servers, or neither for memory in a file')
  }
  if (given.PERDURE_BUILD_ID !== undefined && given.PERDURE_DEPLOYMENT === undefined) {
    problems.push('PERDURE_DEPLOYMENT is missing beside PERDURE_BUILD_ID; write the name of the deployment, like perdure')
  }
  const embedding = given.PERDURE_EMBEDDING_MODEL
  if (given.PERDURE_EMBEDDING_BASE_URL !== undefined && embedding === undefined) {
    problems.push('PERDURE_EMBEDDING_MODEL is missing beside PERDURE_EMBEDDING_BASE_URL; write the name of the model there, like nomic-embed-text')
  }
  if (given.PERDURE_EMBEDDING_API_KEY !== undefined && given.PERDURE_EMBEDDING_BASE_URL === undefined) {
    problems.push('PERDURE_EMBEDDING_BASE_URL is missing beside PERDURE_EMBEDDING_API_KEY; write the address of the endpoint for embeddings, or leave out its key')
  }
  if (embedding !== undefined && given.PERDURE_EMBEDDING_DIMENSIONS === undefined && !(embedding in knownDimensions)) {
    problems.push('PERDURE_EMBEDDING_DIMENSIONS is missing beside PERDURE_EMBEDDING_MODEL; write how many numbers its vectors have, like 768')
  }
  if (given.TEMPORAL_ADDRESS !== undefined) {
    for (const name of ['PERDURE_TEMPORAL_PORT', 'PERDURE_UI_PORT', 'PERDURE_TEMPORAL_CLI']) {
      if (given[name] !== undefined) problems.push(`${name} has no meaning beside TEMPORAL_ADDRESS; remove one of the two`)
    }
  }
  return problems
}

/** The user's own folder; an empty HOME, as some service managers give, counts as none. */
export function userHome(env: Environment): string {
  return [env.HOME, homedir(), userInfo().homedir].find((folder) => folder !== undefined && folder !== '') ?? '/'
}

function absoluteHome(home: string | undefined, given: Environment): string {
  if (home === undefined) return join(userHome(given), '.perdure')
  return resolve(home === '~' || home.startsWith('~/') ? join(userHome(given), home.slice(1)) : home)
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value })
}
