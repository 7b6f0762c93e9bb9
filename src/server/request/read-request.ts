import type { Context } from 'hono'
import type { z } from 'zod'
import { invalidArgument } from '../../protocol/errors.ts'
import type { Route } from '../route.ts'
import { readFiles } from './read-files.ts'
import { readJson } from './read-json.ts'

const usualBodyBytes = 1024 * 1024
/** Of what is said of the fields that are wrong: a caller may have sent any number of them. */
const mostCharacters = 800
const mostProblems = 20

/** The parts of a request as the route's schemas have them. @throws PerdureError `invalid-argument`; Refusal */
export async function readRequest(context: Pick<Context, 'req'>, route: Route) {
  const { raw: request } = context.req
  const { query } = route
  const given = queryOf(new URL(request.url).searchParams)
  if (query === undefined && Object.keys(given).length > 0) throw invalidArgument(`this route has no parameters; ${Object.keys(given).join(', ').slice(0, 200)} is none`)
  return {
    path: context.req.param(),
    query: query === undefined ? undefined : parsed(query, given, 'the parameters'),
    body: route.files === true ? undefined : await bodyOf(request, route),
    files: route.files === true ? await readFiles(request, mostBytes(route)) : [],
  }
}

const mostBytes = ({ bodyBytes = usualBodyBytes }: Route): number => bodyBytes

/** A body that a route would not read may ask for something else than what the route does. */
async function bodyOf(request: Request, route: Route): Promise<unknown> {
  const given = await readJson(request, mostBytes(route))
  if (route.body !== undefined) return parsed(route.body, given, 'the body')
  if (given !== undefined && JSON.stringify(given) !== '{}') throw invalidArgument('this route has no body; leave it out')
  return undefined
}

function queryOf(parameters: URLSearchParams): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

/** @param what that was given, for the error. @throws PerdureError `invalid-argument` */
export function parsed<Schema extends z.ZodType>(schema: Schema, given: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, mostProblems).map(problemIn).map(({ path, message }) => `${path.map(String).join('.').slice(0, 80) || what}: ${message}`)
  throw invalidArgument(`${what} can't be used: ${problems.join('; ').slice(0, mostCharacters)}`)
}

/** Of what may have several forms, the problem of the form that it comes closest to: which goes deepest, and then has the fewest. */
function problemIn(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, 'path' | 'message'> {
  if (issue.code !== 'invalid_union') return issue
  const depthOf = (problems: readonly z.core.$ZodIssue[]): number => Math.max(0, ...problems.slice(0, mostProblems).map(({ path }) => path.length))
  const [closest] = [...issue.errors].sort((one, other) => depthOf(other) - depthOf(one) || one.length - other.length)
  const [first] = closest ?? []
  if (first === undefined) return issue
  const { path, message } = problemIn(first)
  return { path: [...issue.path, ...path], message }
}
