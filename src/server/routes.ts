import type { Route } from './route.ts'
import { agentRoutes } from './routes/agents.ts'
import { asideRoutes } from './routes/asides.ts'
import { blockRoutes } from './routes/blocks.ts'
import { budgetRoutes } from './routes/budgets.ts'
import { callRoutes } from './routes/calls.ts'
import { controlRoutes } from './routes/control.ts'
import { definitionRoutes } from './routes/definitions.ts'
import { documentRoutes } from './routes/documents.ts'
import { keyRoutes } from './routes/keys.ts'
import { messageRoutes } from './routes/messages.ts'
import { passageRoutes } from './routes/passages.ts'
import { promptRoutes } from './routes/prompts.ts'
import { timerRoutes } from './routes/timers.ts'

/** The table of the native interface: from it come routing, validation, the OpenAPI document and the test that nothing is left out. */
export const routes: readonly Route[] = [
  ...agentRoutes,
  ...definitionRoutes,
  ...messageRoutes,
  ...asideRoutes,
  ...promptRoutes,
  ...controlRoutes,
  ...blockRoutes,
  ...passageRoutes,
  ...documentRoutes,
  ...timerRoutes,
  ...callRoutes,
  ...budgetRoutes,
  ...keyRoutes,
]

export const apiPath = '/api/v1'
