import type { Context } from 'hono'
import { getPath } from 'hono/utils/url'
import type { Admitted } from './admission.ts'
import type { AppOptions } from './app-options.ts'
import { openAiErrorResponse } from './openai/error.ts'
import { problemOf, problemResponse } from './problem.ts'

/** Where OpenAI's protocol is spoken. */
export const openAiPath = '/openai/v1'

/**
 * The path that a request means. Front ends write `/models` behind an address as somebody has typed it, with a slash at its end or without. The
 * paths of the native interface are as its document has them: a part of one may be empty there by mistake.
 */
export function pathOf(request: Request): string {
  const path = getPath(request)
  return isOpenAi(path) ? path.replace(/\/{2,}/g, '/').replace(/\/$/, '') : path
}

const isOpenAi = (path: string): boolean => path === openAiPath || path.startsWith(`${openAiPath}/`)

/** The answer to a request that something was thrown for, in the form that its caller reads. What nobody foresaw is told to the log too. */
export function failureResponse(error: unknown, context: Context<Admitted>, { onError }: Pick<AppOptions, 'onError'>): Response {
  const { code } = problemOf(error)
  if (code === 'internal' && !isOfLeaving(error, context.req.raw)) onError(error, context.req.raw)
  context.set('problem', code)
  return isOpenAi(context.req.path) ? openAiErrorResponse(error) : problemResponse(error)
}

/** What was waited for was let go of, since its caller has gone: nobody hears the answer. */
const isOfLeaving = (error: unknown, { signal }: Request): boolean => signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))
