import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Route } from '../../src/server/route.ts'

/** One request of an attack: everything of it is the attacker's own but the value of one field. */
export interface Attempt {
  readonly route: Route
  /** `path agent`, `query after`, `body blocks.0.blockId`, `header last-event-id`. */
  readonly field: string
  /** @param value what stands in that field */
  request(value: string): { readonly path: string; readonly init: RequestInit }
}

export interface Attacker {
  /** What stands in a path where it is not attacked, by its name in braces. */
  readonly path: Readonly<Record<string, string>>
  readonly key: string
}

/**
 * Bodies and queries of requests that are good, by operation. What a schema asks for has to stand here; each text in it is attacked, and each
 * optional text of the schema beside it.
 */
const good: Readonly<Record<string, { readonly body?: object; readonly query?: Readonly<Record<string, string>> }>> = {
  create: { body: { id: 'another', blocks: [{ label: 'human', blockId: 'team' }] } },
  importConversation: { body: { agent: { id: 'another', blocks: [{ label: 'human', blockId: 'team' }] }, messages: [{ role: 'user', text: 'Hi', at: '2024-05-08T13:56:00Z' }] } },
  update: { body: { description: 'x', blocks: { more: { blockId: 'team' } } } },
  setBudget: { body: { turn: { steps: 20 } } },
  editBlock: { body: { value: 'x' } },
  save: { body: { name: 'point' } },
  load: { body: { name: 'point' } },
  send: { body: { text: 'Hi' }, query: { wait: 'accepted' } },
  outcome: { query: { waitSeconds: '0' } },
  compareDefinitions: { query: { before: '1' } },
  searchArchival: { query: { text: 'x' } },
  insertPassage: { body: { text: 'x' } },
  editPassage: { body: { text: 'x' } },
  supersedePassage: { body: { text: 'x' } },
  answerCall: { body: { text: 'x' } },
  schedule: { body: { text: 'x', afterMs: 3_600_000 } },
  createAccessKey: { body: { name: 'x', scopes: ['messages'] } },
}

/** Every field of a route in which a text may stand. */
export function attemptsOn(route: Route, { path, key }: Attacker): readonly Attempt[] {
  const { body = route.bodyOptional === true ? {} : undefined, query = {} } = good[route.operation] ?? {}
  const attempt = (field: string, changed: (value: string) => Changed): Attempt => ({
    route,
    field,
    request: (value) => {
      const { names = path, search = query, content = body, headers = {}, file = 'notes.md' } = changed(value)
      const place = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? 'x'))
      const asked = new URLSearchParams(search as Record<string, string>).toString()
      const form = route.files === true ? formOf(file) : undefined
      return {
        path: `/api/v1${place}${asked === '' ? '' : `?${asked}`}`,
        init: {
          method: route.method,
          headers: { authorization: `Bearer ${key}`, ...(content !== undefined && form === undefined && { 'content-type': 'application/json' }), ...(route.handle === undefined && { accept: 'text/event-stream' }), ...headers },
          ...(form !== undefined ? { body: form } : content !== undefined && { body: JSON.stringify(content) }),
        },
      }
    },
  })
  return [
    ...Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => attempt(`path ${name}`, (value) => ({ names: { ...path, [name]: value } }))),
    ...textsOf(route.query).map((name) => attempt(`query ${name}`, (value) => ({ search: { ...query, [name]: value } }))),
    ...leavesOf({ ...Object.fromEntries(textsOf(route.body).map((name) => [name, ''])), ...body }).map((place) => attempt(`body ${place.join('.')}`, (value) => ({ content: withValue(body ?? {}, place, value) }))),
    ...(route.idempotent === undefined ? [] : [attempt('header idempotency-key', (value) => ({ headers: { 'idempotency-key': value } }))]),
    ...(route.stream === undefined ? [] : [attempt('header last-event-id', (value) => ({ headers: { 'last-event-id': value, accept: 'text/event-stream' } }))]),
    ...(route.files === true ? [attempt('file name', (value) => ({ file: value }))] : []),
  ]
}

interface Changed {
  readonly names?: Readonly<Record<string, string>>
  readonly search?: Readonly<Record<string, string>>
  readonly content?: object
  readonly headers?: Readonly<Record<string, string>>
  /** Name of a file that is sent. */
  readonly file?: string
}

function formOf(name: string): FormData {
  const form = new FormData()
  form.append('file', new File(['of the attacker'], name))
  return form
}

/** Names of a schema's fields that take any text. */
function textsOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema === undefined) return []
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).flatMap(([name, field]) => (typeof field === 'object' && 'type' in field && field.type === 'string' && !('enum' in field) ? [name] : []))
}

/** The places of the texts in a value. */
function leavesOf(value: unknown, place: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return [place]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...place, name]))
}

function withValue(into: object, [name = '', ...rest]: readonly string[], value: string): object {
  const part = rest.length === 0 ? value : withValue((into as Record<string, object>)[name] ?? {}, rest, value)
  return Array.isArray(into) ? into.map((item: unknown, index) => (String(index) === name ? part : item)) : { ...into, [name]: part }
}

/** What is answered: all of it, or of a stream what comes within a moment. */
export async function answerOf(response: Response, quietMs = 40): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const next = await Promise.race([reader?.read(), sleep(quietMs, undefined)])
    if (next === undefined || next.done) break
    text += next.value
  }
  await reader?.cancel()
  return text
}
