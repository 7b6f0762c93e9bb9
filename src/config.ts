import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { closestWord } from './local/closest-word.ts'
import { defaults } from './protocol/definition.ts'
import { PerdureError } from './protocol/errors.ts'
import { defaultTaskQueue } from './protocol/ids.ts'
import type { StoresConfig } from './stores/open.ts'

export type { StoresConfig }

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything that can be set, checked. Made by `readConfig` only. */
export interface Config {
  /** Folder of all that a local stack writes. Absolute. */
  readonly home: string
  readonly taskQueue: string
  readonly temporal: {
    /** Absent: the stack brings up its own server. */
    readonly address?: string
    readonly namespace: string
    readonly apiKey?: string
    /** Ports that the stack's own server must take; absent: the usual ones, or free ones. */
    readonly port?: number
    readonly uiPort?: number
  }
  readonly stores: StoresConfig
  readonly model: ModelConfig
  /** Whether conversation text may be shown in Temporal's Web UI. */
  readonly uiText: boolean
  /** For tests of crashes: where the process stops itself, and the folder that remembers that it did. */
  readonly faults: { readonly point?: string; readonly dir?: string }
}

export interface ModelConfig {
  /** `simulated`: neither key nor endpoint was given. */
  readonly kind: 'endpoint' | 'simulated'
  readonly baseUrl?: string
  readonly apiKey?: string
  readonly name: string
  readonly contextWindow: number
  readonly toolChoice: 'auto' | 'required'
  readonly embeddingModel: string
  readonly embeddingDimensions: number
}

export const simulatedModelName = defaults.model
const simulatedEmbedding = { model: 'perdure-simulated-embedding', dimensions: 384 }
const endpointDefaults = { model: 'gpt-4.1-mini', embeddingModel: 'text-embedding-3-small' }
const knownDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
  [simulatedEmbedding.model]: simulatedEmbedding.dimensions,
}

const wholeNumber = (least: number, most: number, example: string) =>
  z
    .string()
    .regex(/^\d+$/, `is not a whole number; write one, like ${example}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must lie between ${least} and ${most}`)

const hostAndPort = z.string().regex(/^(\[[0-9a-f:]+\]|[^\s:/@]+):\d{1,5}$/i, 'is not an address; write host:port, like localhost:7233')
const webAddress = z.url({ protocol: /^https?$/, error: 'is not an address; write one that begins with http:// or https://' })
const mongoAddress = z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, 'is not a MongoDB connection string; write one like mongodb://localhost:27017/perdure')
const onOff = z
  .string()
  .regex(/^(on|off|true|false|1|0)$/, 'must be on or off')
  .transform((value) => value === 'on' || value === 'true' || value === '1')
const text = z.string()

/** The variables, each with what its value must be. An empty value counts as not set, as in compose files. */
const variables = {
  PERDURE_HOME: text,
  PERDURE_TASK_QUEUE: text.max(200, 'is longer than 200 characters'),
  PERDURE_TEMPORAL_PORT: wholeNumber(1, 65_535, '7233'),
  PERDURE_UI_PORT: wholeNumber(1, 65_535, '8233'),
  PERDURE_MODEL: text,
  PERDURE_CONTEXT_WINDOW: wholeNumber(1_000, 10_000_000, '128000'),
  PERDURE_EMBEDDING_MODEL: text,
  PERDURE_EMBEDDING_DIMENSIONS: wholeNumber(1, 65_536, '1536'),
  PERDURE_TOOL_CHOICE: z.enum(['auto', 'required'], { error: 'must be auto or required' }),
  PERDURE_UI_TEXT: onOff,
  PERDURE_FAULT_POINT: text,
  PERDURE_FAULT_DIR: text,
  TEMPORAL_ADDRESS: hostAndPort,
  TEMPORAL_NAMESPACE: text,
  TEMPORAL_API_KEY: text,
  MONGODB_URI: mongoAddress,
  QDRANT_URL: webAddress,
  QDRANT_API_KEY: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: webAddress,
}
const schema = z.object(variables).partial()

export type VariableName = keyof typeof variables
export const variableNames = Object.keys(variables) as VariableName[]

/**
 * Reads the whole configuration from environment variables.
 * @throws PerdureError `config-invalid` with every problem found, one per line; no value of a secret is in it
 */
export function readConfig(env: Environment): Config {
  const given: Environment = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = schema.safeParse(given)
  const problems = [...unknownVariables(given), ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`), ...contradictions(given)]
  if (problems.length > 0 || !parsed.success) {
    throw new PerdureError('config-invalid', `the configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
  const value = parsed.data
  const home = absoluteHome(value.PERDURE_HOME, given)
  return {
    home,
    taskQueue: value.PERDURE_TASK_QUEUE ?? defaultTaskQueue,
    temporal: {
      namespace: value.TEMPORAL_NAMESPACE ?? 'default',
      ...optional('address', value.TEMPORAL_ADDRESS),
      ...optional('apiKey', value.TEMPORAL_API_KEY),
      ...optional('port', value.PERDURE_TEMPORAL_PORT),
      ...optional('uiPort', value.PERDURE_UI_PORT),
    },
    stores:
      value.MONGODB_URI !== undefined && value.QDRANT_URL !== undefined
        ? { kind: 'servers', mongodbUri: value.MONGODB_URI, qdrantUrl: value.QDRANT_URL, ...optional('qdrantApiKey', value.QDRANT_API_KEY) }
        : { kind: 'embedded', file: join(home, 'memory.db') },
    model: modelConfig(value),
    uiText: value.PERDURE_UI_TEXT ?? false,
    faults: { ...optional('point', value.PERDURE_FAULT_POINT), ...optional('dir', value.PERDURE_FAULT_DIR === undefined ? undefined : resolve(value.PERDURE_FAULT_DIR)) },
  }
}

function modelConfig(value: z.infer<typeof schema>): ModelConfig {
  const simulated = value.OPENAI_API_KEY === undefined && value.OPENAI_BASE_URL === undefined
  const embeddingModel = value.PERDURE_EMBEDDING_MODEL ?? (simulated ? simulatedEmbedding.model : endpointDefaults.embeddingModel)
  return {
    kind: simulated ? 'simulated' : 'endpoint',
    ...optional('baseUrl', value.OPENAI_BASE_URL),
    ...optional('apiKey', value.OPENAI_API_KEY),
    name: value.PERDURE_MODEL ?? (simulated ? simulatedModelName : endpointDefaults.model),
    contextWindow: value.PERDURE_CONTEXT_WINDOW ?? defaults.contextWindow,
    toolChoice: value.PERDURE_TOOL_CHOICE ?? 'auto',
    embeddingModel,
    embeddingDimensions: value.PERDURE_EMBEDDING_DIMENSIONS ?? knownDimensions[embeddingModel] ?? simulatedEmbedding.dimensions,
  }
}

function unknownVariables(given: Environment): string[] {
  const ours = variableNames.filter((name) => name.startsWith('PERDURE_'))
  return Object.keys(given)
    .filter((name) => name.startsWith('PERDURE_') && !(name in variables))
    .map((name) => {
      const meant = closestWord(name, ours)
      return `${name} is not a setting; ${meant === undefined ? `the settings are ${ours.join(', ')}` : `did you mean ${meant}?`}`
    })
}

/** What each value alone can't show. */
function contradictions(given: Environment): string[] {
  const problems: string[] = []
  if (given.MONGODB_URI !== undefined && given.QDRANT_URL === undefined) {
    problems.push('QDRANT_URL is missing beside MONGODB_URI; set both for memory in servers, or neither for memory in a file')
  }
  if (given.QDRANT_URL !== undefined && given.MONGODB_URI === undefined) {
    problems.push('MONGODB_URI is missing beside QDRANT_URL; set both for memory in servers, or neither for memory in a file')
  }
  const embedding = given.PERDURE_EMBEDDING_MODEL
  if (embedding !== undefined && given.PERDURE_EMBEDDING_DIMENSIONS === undefined && !(embedding in knownDimensions)) {
    problems.push('PERDURE_EMBEDDING_DIMENSIONS is missing beside PERDURE_EMBEDDING_MODEL; write how many numbers its vectors have, like 768')
  }
  if (given.TEMPORAL_ADDRESS !== undefined) {
    for (const name of ['PERDURE_TEMPORAL_PORT', 'PERDURE_UI_PORT']) {
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

/** What is in force, one line each, for a person: no secret is in it. */
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
    `task queue    ${config.taskQueue}`,
    `memory        ${memory}`,
    `model         ${model.name}, ${endpoint}`,
    `window        ${model.contextWindow} tokens, tool choice ${model.toolChoice}`,
    `embeddings    ${model.embeddingModel}, ${model.embeddingDimensions} dimensions`,
    ...(config.uiText ? ['Web UI        shows conversation text, as PERDURE_UI_TEXT is on'] : []),
    ...(config.faults.point === undefined ? [] : [`fault         stops at ${config.faults.point}: for tests only`]),
  ]
}

/** Where the model answers. Without a base URL that is OpenAI's own endpoint. */
export function endpointOf(model: ModelConfig): string {
  if (model.kind === 'simulated') return 'simulated'
  return model.baseUrl === undefined ? 'OpenAI' : withoutCredentials(model.baseUrl)
}

/** User, password and query (which may hold a key) give way to dots. Not `URL`: it can't read a list of hosts. */
export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//***@').replace(/\?.*$/, '?***')
}
