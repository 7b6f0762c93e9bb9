import { Hono } from 'hono'
import { admission, needing, type Admitted } from './admission.ts'
import { answerRoute } from './answer-route.ts'
import type { AppOptions } from './app-options.ts'
import { failureResponse, openAiPath, pathOf } from './failure.ts'
import { observed } from './observed.ts'
import { createOpenAiApp } from './openai/openai-app.ts'
import { openApiDocument } from './openapi.ts'
import { pageFiles } from './page.ts'
import { Refusal } from './refusal.ts'
import { scopesOf } from './route.ts'
import { apiPath, routes } from './routes.ts'
import { sharedAnswer } from './shared-answer.ts'
import { cutUnread } from './unread.ts'

/** So long an answer of `/ready` holds: it is open to everybody, and asks Temporal and the stores. */
const readyMs = 1_000

/** The whole server as a function from request to response. It needs no port, and holds nothing of its own: every process is as good as another. */
export function createApp(options: AppOptions): Hono<Admitted> {
  const app = new Hono<Admitted>({ getPath: pathOf })
  app.onError((error, context) => failureResponse(error, context, options))
  app.notFound((context) => failureResponse(missing(context.req.path, context.req.method), context, options))
  app.use(cutUnread(options.unreadMs))
  if (options.observe !== undefined) app.use(observed(options.observe))
  app.get('/health', ({ json }) => json({ status: 'alive' }))
  const ready = sharedAnswer(options.ready, readyMs)
  app.get('/ready', async ({ json }) => {
    if (options.stopping.aborted) throw new Refusal('shutting-down', 'this server stops; another one may answer')
    await ready().catch(() => {
      throw new Refusal('not-ready', 'Temporal or a store does not answer; `perdure doctor` says which')
    })
    return json({ status: 'ready' })
  })
  let document: ReturnType<typeof openApiDocument> | undefined
  app.get('/openapi.json', ({ json }) => json((document ??= openApiDocument(options.version))))
  if (options.page !== undefined) app.use(pageFiles(options.page))
  // What stands above is open to everybody: it says nothing of agents, nor of the servers behind this one.
  app.use(admission(options))
  for (const route of routes) app.on(route.method, honoPath(route.path), needing(...scopesOf(route)), (context) => answerRoute(route, context, options))
  // Front ends have one key, and show what they may speak to: of OpenAI's protocol all needs one scope.
  app.use(`${openAiPath}/*`, needing('messages'))
  app.route(openAiPath, createOpenAiApp(options))
  return app
}

const honoPath = (path: string): string => apiPath + path.replace(/\{(\w+)\}/g, ':$1')

/** Of a path that is there for other methods, these. */
function missing(path: string, method: string): Refusal {
  const fitting = routes.filter((route) => new RegExp(`^${honoPath(route.path).replace(/:\w+/g, '[^/]+')}$`).test(path))
  const allowed = [...new Set(fitting.map((route) => route.method))]
  if (allowed.length === 0) return new Refusal('not-found', 'there is nothing here; /openapi.json says what there is')
  return new Refusal('method-not-allowed', `${method} is not answered here; ${allowed.join(', ')} is`, { allow: allowed.join(', ') })
}
