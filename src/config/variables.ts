import { z } from 'zod'
import { frontEndTaskModes } from '../protocol/aside.ts'
import { agentIdPattern } from '../protocol/ids.ts'
import { limits } from '../protocol/limits.ts'
import { sendableKey } from '../protocol/sendable-key.ts'
import { effortPattern, samplingBounds } from '../protocol/sampling.ts'
import { extraBodyProblems, readExtraBody } from './extra-body.ts'
import { problemOfBaseURL } from '../model/openai/address.ts'
import { priceProblems, readPrices } from '../model/prices.ts'
import { keyRingProblems, readKeyRing } from '../codec/key-ring.ts'
import { originProblems, readList, tokenProblems } from '../codec/access.ts'

/** What a settings file may have without quotation marks, as no other form of it has another meaning. */
const unquoted = { unquoted: true }

const wholeNumber = (least: number, most: number, example: string) =>
  z
    .string()
    .regex(/^-?\d+$/, `is not a whole number; write one, like ${example}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must lie between ${least} and ${most}`)
    .meta(unquoted)

const number = (least: number, most: number, example: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `is not a number; write one, like ${example}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must lie between ${least} and ${most}`)
    .meta(unquoted)

const hostAndPort = z.string().regex(/^(\[[0-9a-f:]+\]|[^\s:/@]+):\d{1,5}$/i, 'is not an address; write host:port, like localhost:7233')
const webAddress = z.url({ protocol: /^https?$/, error: 'is not an address; write one that begins with http:// or https://' })
/** Of a model's endpoint: what stands before the path of each request. */
const baseAddress = webAddress.superRefine((value, context) => {
  const problem = URL.canParse(value) ? problemOfBaseURL(value) : undefined
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})
const mongoAddress = z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, 'is not a MongoDB connection string; write one like mongodb://localhost:27017/perdure')
const onOff = z
  .string()
  .regex(/^(on|off|true|false|1|0)$/, 'must be on or off')
  .transform((value) => value === 'on' || value === 'true' || value === '1')
  .meta(unquoted)
const text = z.string()
const nameOfModel = text.trim()
const headerKey = text.superRefine((value, context) => {
  const { problem } = sendableKey(value)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})
/** It is sent as `Authorization: Bearer …`. */
const bearerKey = headerKey.regex(/^(?!\s*bearer\s)/i, 'begins with "Bearer", as its requests do by themselves: leave that out')
/** A text of several parts: every problem of it is named, by the part's place, as its value may be a secret. */
const checked = <Value>(problemsOf: (value: string) => readonly string[], read: (value: string) => Value) =>
  z
    .string()
    .superRefine((value, context) => problemsOf(value).forEach((message) => context.addIssue({ code: 'custom', message })))
    .transform(read)

/** The variables, each with what its value must be. An empty value counts as not set, as in compose files. */
const variables = {
  PERDURE_CONFIG: text,
  PERDURE_HOME: text,
  PERDURE_TENANT: z.string().max(limits.agentIdCharacters, `is longer than ${limits.agentIdCharacters} characters`).regex(agentIdPattern, 'is no name of a tenant; write a-z, 0-9, "-" and "_", beginning with a letter or digit'),
  PERDURE_TASK_QUEUE: text.max(200, 'is longer than 200 characters'),
  PERDURE_TEMPORAL_PORT: wholeNumber(1, 65_535, '7233'),
  PERDURE_UI_PORT: wholeNumber(1, 65_535, '8233'),
  PERDURE_UI_URL: webAddress,
  PERDURE_TEMPORAL_CLI: text,
  PERDURE_MODEL: nameOfModel,
  PERDURE_CONTEXT_WINDOW: wholeNumber(1_000, 10_000_000, '128000'),
  PERDURE_EMBEDDING_MODEL: nameOfModel,
  PERDURE_EMBEDDING_DIMENSIONS: wholeNumber(1, 65_536, '1536'),
  PERDURE_EMBEDDING_BASE_URL: baseAddress,
  PERDURE_EMBEDDING_API_KEY: bearerKey,
  PERDURE_EMBEDDING_PASSAGE_PREFIX: text,
  PERDURE_EMBEDDING_QUERY_PREFIX: text,
  PERDURE_REQUEST_SECONDS: wholeNumber(1, limits.requestSeconds, '600'),
  PERDURE_TOOL_CHOICE: z.enum(['auto', 'required'], { error: 'must be auto or required' }),
  PERDURE_TOOL_FORMAT: z.enum(['auto', 'native', 'text'], { error: 'must be auto, native or text' }),
  PERDURE_STREAM: onOff,
  PERDURE_TEMPERATURE: number(...samplingBounds.temperature, '0.7'),
  PERDURE_TOP_P: number(...samplingBounds.topP, '0.9'),
  PERDURE_SEED: wholeNumber(...samplingBounds.seed, '42'),
  PERDURE_REASONING_EFFORT: z.string().regex(effortPattern, 'is no effort; write a word that the endpoint knows, like low'),
  PERDURE_MAX_OUTPUT_TOKENS: wholeNumber(...samplingBounds.maxOutputTokens, '4096'),
  PERDURE_EXTRA_BODY: checked(extraBodyProblems, readExtraBody),
  PERDURE_CACHED_AGENTS: wholeNumber(1, 100_000, '500'),
  PERDURE_UI_TEXT: onOff,
  PERDURE_PRICES: checked(priceProblems, readPrices),
  PERDURE_TELEMETRY: onOff,
  PERDURE_METRICS_ADDRESS: hostAndPort,
  PERDURE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' }),
  PERDURE_ENCRYPTION_KEYS: checked(keyRingProblems, readKeyRing),
  PERDURE_CODEC_ADDRESS: hostAndPort,
  PERDURE_CODEC_TOKENS: checked(tokenProblems, readList),
  PERDURE_CODEC_ORIGINS: checked(originProblems, readList),
  PERDURE_HTTP_ADDRESS: hostAndPort,
  PERDURE_HTTP_REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000, '600'),
  PERDURE_OPENAI_TASKS: z.enum(frontEndTaskModes, { error: 'must be aside, agent or refuse' }),
  PERDURE_DEPLOYMENT: z.string().regex(/^[\w-]{1,64}$/, 'is no name of a deployment; write 1 to 64 letters, digits, "-" or "_"'),
  PERDURE_BUILD_ID: z.string().regex(/^[\w.-]{1,100}$/, 'is no build id; write 1 to 100 letters, digits, ".", "-" or "_"'),
  PERDURE_FAULT_POINT: text,
  PERDURE_FAULT_DIR: text,
  TEMPORAL_ADDRESS: hostAndPort,
  TEMPORAL_NAMESPACE: text,
  TEMPORAL_API_KEY: bearerKey,
  MONGODB_URI: mongoAddress,
  QDRANT_URL: webAddress,
  QDRANT_API_KEY: headerKey,
  OPENAI_API_KEY: bearerKey,
  OPENAI_BASE_URL: baseAddress,
}
export const configSchema = z.object(variables).partial()

export type VariableName = keyof typeof variables
export const variableNames = Object.keys(variables) as VariableName[]

/** Whether the variable is a number, or says yes or no. Others are texts, of which a number would be another writing: `1.10` would become `1.1`. */
export const isUnquoted = (name: VariableName): boolean => variables[name].meta()?.['unquoted'] === true
