import type { z } from 'zod'
import type { AccessKeyCheck } from '../client/access-key-check.ts'
import type { PerdureClient } from '../client/client.ts'
import type { DocumentFile } from '../client/documents.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { Scope } from '../protocol/scopes.ts'
import type { ServerSent } from './streams/server-sent.ts'

/** What new agents have where a request does not say. */
export interface NewAgents {
  readonly model: string
  readonly contextWindow: number
}

/** A request whose parts were checked against the route's schemas. */
export interface RouteRequest<Methods extends keyof PerdureClient, Path extends string, Query, Body> {
  /** The methods that the route has named, and no others. */
  readonly client: Pick<PerdureClient, Methods>
  /** Decoded. */
  readonly path: Readonly<Record<NamesIn<Path>, string>>
  readonly query: Query
  readonly body: Body
  /** Of `Idempotency-Key`, or a new one: the id of the event, or of the command. The answer names it. */
  readonly id: string
  readonly newAgents: NewAgents
  readonly keys: Pick<AccessKeyCheck, 'keyMade'>
  /** Whether the key of the request allows this too. Where no keys are needed everything is allowed. */
  readonly may: (scope: Scope) => boolean
  /** Aborted when the caller is gone, or the server stops. */
  readonly signal: AbortSignal
}

export interface StreamRequest {
  /** Of `Last-Event-ID`: what comes up to it was told before. */
  readonly lastEventId: string | undefined
  /** Aborted when the stream is over, whyever. */
  readonly leave: AbortSignal
}

/** `agent` and `label` of `/agents/{agent}/blocks/{label}`. */
export type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

/** Errors that every route may give: a request that is no good, and servers that are away. */
export const usualErrors = ['invalid-argument', 'server-unavailable', 'store-full', 'schema-newer'] as const satisfies readonly ErrorCode[]
/** Of routes that have to do with one agent. */
export const agentErrors = ['agent-unknown'] as const satisfies readonly ErrorCode[]
/** Of routes that ask, or tell, the agent's workflow. */
export const workflowErrors = ['agent-unknown', 'agent-archived', 'no-worker', 'wrong-stores', 'run-full', 'payload-damaged', 'key-unknown'] as const satisfies readonly ErrorCode[]

export interface RouteDefinition<Methods extends keyof PerdureClient, Path extends string, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType, Answered = z.input<Answer>> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`; names in braces. */
  readonly path: Path
  /** Its name in the OpenAPI document: that of the client's method, where it has one alone. */
  readonly operation: string
  readonly summary: string
  /** What a key has to allow; of several scopes one is enough. */
  readonly scope: Scope | readonly Scope[]
  /** The client's methods that it speaks for. */
  readonly methods: readonly Methods[]
  readonly query?: Query
  readonly body?: Body
  /** The body may be left out. */
  readonly bodyOptional?: true
  /** The body is a form of files, and comes as `files`. */
  readonly files?: true
  /** The most bytes of a body. Default 1 MiB. */
  readonly bodyBytes?: number
  readonly answer: Answer
  /** Those that it may give beside `usualErrors`. */
  readonly errors: readonly ErrorCode[]
  /** Default 200. */
  readonly status?: (answer: z.input<Answer>) => number
  /** Statuses other than 200 that `status` may give, for the document. */
  readonly statuses?: readonly number[]
  /** Whether nothing was done, as it had been done before under the same `Idempotency-Key`. */
  readonly repeated?: (answer: z.input<Answer>) => boolean
  /** It heeds `Idempotency-Key`. */
  readonly idempotent?: 'event' | 'command'
  /** Absent: it is answered by a stream alone. */
  readonly handle?: (request: RouteRequest<Methods, Path, z.output<Query>, z.output<Body>> & { readonly files: readonly DocumentFile[] }) => Promise<Answered>
  /** The answer to whoever accepts `text/event-stream`. What it throws at once is answered as an error is. */
  readonly stream?: (request: RouteRequest<Methods, Path, z.output<Query>, z.output<Body>> & StreamRequest) => Promise<AsyncIterable<ServerSent>>
}

/** A route as the table has it: what it is made of was checked where it was written. */
export interface Route extends Omit<RouteDefinition<keyof PerdureClient, string, z.ZodType, z.ZodType, z.ZodType>, 'handle' | 'stream' | 'status' | 'repeated'> {
  readonly status?: (answer: unknown) => number
  readonly repeated?: (answer: unknown) => boolean
  readonly handle?: (request: RouteRequest<keyof PerdureClient, string, unknown, unknown> & { readonly files: readonly DocumentFile[] }) => Promise<unknown>
  readonly stream?: (request: RouteRequest<keyof PerdureClient, string, unknown, unknown> & StreamRequest) => Promise<AsyncIterable<ServerSent>>
}

type AllSaid<Answered, Said> = [Unsaid<Answered, Said>] extends [never] ? unknown : { readonly fieldsThatTheSchemaLacks: Unsaid<Answered, Said> }

/** The names of fields, at any depth, that the first has and the second has not. */
export type Unsaid<Answered, Said> = unknown extends Said
  ? never
  : Answered extends readonly (infer Item)[]
    ? Unsaid<Item, ItemOf<Said>>
    : Answered extends object
      ? { [Name in keyof Answered & string]: Name extends NameOf<Said> ? Unsaid<NonNullable<Answered[Name]>, NonNullable<FieldOf<Said, Name>>> : Name }[keyof Answered & string]
      : never

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never
type NameOf<Said> = Said extends unknown ? keyof Said : never
type FieldOf<Said, Name> = Said extends unknown ? (Name extends keyof Said ? Said[Name] : never) : never

export const scopesOf = ({ scope }: Pick<Route, 'scope'>): readonly Scope[] => (typeof scope === 'string' ? [scope] : scope)

/** A route of the table. What is answered has no field that its schema lacks: the document would not know it. */
export function route<
  Methods extends keyof PerdureClient,
  Path extends string,
  Answer extends z.ZodType,
  Answered extends z.input<Answer>,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<Methods, Path, Query, Body, Answer, Answered> & AllSaid<Answered, z.input<Answer>>): Route {
  return definition as unknown as Route
}
