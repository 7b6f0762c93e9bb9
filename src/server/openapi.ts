import { z } from 'zod'
import type { ErrorCode } from '../protocol/errors.ts'
import type { ProblemCode } from './problem.ts'
import { refusalCodes, type RefusalCode } from './refusal.ts'
import { statuses } from './statuses.ts'
import { scopesOf, usualErrors, type Route } from './route.ts'
import { apiPath, routes } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of the native interface, made of the table of routes. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  const schemas: Record<string, Json> = { Problem: problemSchema }
  for (const route of routes) (paths[apiPath + route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas)
  return {
    openapi: '3.1.0',
    info: { title: 'Perdure', version, description: 'Agents with a memory of their own that survive anything.' },
    paths,
    components: { schemas, securitySchemes: { accessKey: { type: 'http', scheme: 'bearer', bearerFormat: 'pdr_ID_SECRET', description: 'An access key with the scope that is named, or `admin`. A server without any key answers its own machine without one.' } } },
  }
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'what was wrong, and what would be right' },
    code: { type: 'string', description: 'stable; the texts are not' },
  },
}

function operationOf(route: Route, schemas: Record<string, Json>): Json {
  const names = Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
  const query = route.query === undefined ? undefined : schemaOf(route.query, schemas)
  const properties = (query?.['properties'] ?? {}) as Readonly<Record<string, Json>>
  const required = (query?.['required'] ?? []) as readonly string[]
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
    ...(route.idempotent === undefined ? [] : [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', minLength: 1, maxLength: 128 }, description: idempotency[route.idempotent] }]),
  ]
  return {
    operationId: route.operation,
    summary: route.summary,
    security: [...scopesOf(route).map((scope) => ({ accessKey: [scope] })), {}],
    ...(parameters.length > 0 && { parameters }),
    ...bodyOf(route, schemas),
    responses: { ...answersOf(route, schemas), ...problemsOf([...usualRefusals, ...(route.body === undefined && route.files !== true ? [] : bodyRefusals), ...usualErrors, ...route.errors]) },
  }
}

const idempotency = {
  event: 'the id of the event: the same again is the same turn, and gets the same answer',
  command: 'the id of the command: the same again has one effect',
}

function bodyOf({ body, files }: Route, schemas: Record<string, Json>): Json {
  if (files === true) {
    const schema = { type: 'object', required: ['file'], properties: { file: { type: 'array', minItems: 1, items: { type: 'string', format: 'binary' } } } }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
  }
  if (body === undefined) return {}
  return { requestBody: { required: !body.safeParse(undefined).success, content: { 'application/json': { schema: schemaOf(body, schemas) } } } }
}

function answersOf({ answer, statuses: others = [], handle, stream }: Route, schemas: Record<string, Json>): Json {
  const events = { 'text/event-stream': { schema: { type: 'string', description: 'server-sent events; the data of each is a TurnEvent' } } }
  const content = { ...(handle && { 'application/json': { schema: schemaOf(answer, schemas) } }), ...(stream && events) }
  if (stream && !handle) schemaOf(answer, schemas)
  return Object.fromEntries([200, ...others].map((status) => [String(status), { description: described[status] ?? 'done', content }]))
}

const described: Readonly<Record<number, string>> = { 200: 'done', 201: 'created', 202: 'accepted, and durable; its turn has not ended' }

const usualRefusals = ['key-refused', 'scope-missing', 'rate-limited', 'host-refused', 'origin-refused', 'shutting-down', 'internal'] as const
const bodyRefusals = ['media-type', 'body-malformed', 'body-too-large'] as const
const statusOf = (code: ProblemCode): number => (code in refusalCodes ? refusalCodes[code as RefusalCode] : statuses[code as ErrorCode])

function problemsOf(codes: readonly ProblemCode[]): Json {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  const descriptionOf = (status: number): string => [...new Set(codes)].filter((code) => statusOf(code) === status).join(', ')
  return Object.fromEntries(codes.map((code) => [String(statusOf(code)), { description: descriptionOf(statusOf(code)), content }]))
}

/** A list that nobody here changes is one that a caller has to send all the same: `readOnly` would tell him not to. */
const withoutReadOnly = ({ zodSchema, jsonSchema }: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (zodSchema._zod.def.type === 'readonly') delete jsonSchema.readOnly
}

/** What has an id of its own stands under `components`. */
function schemaOf(schema: z.ZodType, schemas: Record<string, Json>): Json {
  const { $defs, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline', override: withoutReadOnly }) as Json & { readonly $defs?: Readonly<Record<string, Json>> }
  for (const [id, part] of Object.entries($defs ?? {})) schemas[id] = placed(part)
  return placed(json)
}

/** As a part of the document, whose dialect is that of all its schemas. */
function placed(part: Json): Json {
  const { $schema, ...json } = JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
  return $schema === undefined || $schema === 'https://json-schema.org/draft/2020-12/schema' ? json : { $schema, ...json }
}
