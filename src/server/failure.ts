import type { Context } from 'hono'
import type { Admitted } from './admission.ts'
import type { AppOptions } from './app-options.ts'
import { openAiErrorResponse } from './openai/error.ts'
import { problemOf, problemResponse } from './problem.ts'

/** Where OpenAI's protocol is spoken. */
export const openAiPath = '/openai/v1'

/** The answer to a request that something was thrown for, in the form that its caller reads. What nobody foresaw is told to the log too. */
export function failureResponse(error: unknown, context: Context<Admitted>, { onError }: Pick<AppOptions, 'onError'>): Response {
  const { code } = problemOf(error)
  if (code === 'internal' && !isOfLeaving(error, context.req.raw)) onError(error, context.req.raw)
  context.set('problem', code)
  return context.req.path.startsWith(`${openAiPath}/`) ? openAiErrorResponse(error) : problemResponse(error)
}

/** What was waited for was let go of, since its caller has gone: nobody hears the answer. */
const isOfLeaving = (error: unknown, { signal }: Request): boolean => signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))
