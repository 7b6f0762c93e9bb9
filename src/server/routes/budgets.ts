import { z } from 'zod'
import { agentBudget, turnBudget } from '../answers/agent.ts'
import { costReport } from '../answers/cost.ts'
import { by, number, numeric } from '../request/fields.ts'
import { agentErrors, route, workflowErrors } from '../route.ts'
import { agentChanges } from '../../definition/agent-changes.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const { budget, agentBudget: lifeBudget } = agentChanges.shape

export const budgetRoutes = [
  route({
    method: 'PATCH',
    path: '/agents/{agent}/budget',
    operation: 'setBudget',
    summary: 'Change the budgets of a turn, and of the agent\'s life. What is not given stays; null removes a limit.',
    scope: 'agents:write',
    methods: ['setBudget'],
    idempotent: 'command',
    query: z.strictObject({ ifVersion: number.describe('only if this version of the definition is in force still'), author: by }),
    body: z.strictObject({ turn: budget, agent: lifeBudget.unwrap().unwrap().optional() }),
    answer: z.object({ budget: turnBudget, agentBudget: agentBudget.optional(), resumed: z.boolean() }),
    errors: [...workflowErrors, 'definition-conflict'],
    handle: ({ client, path, query, body: { turn, agent }, id, signal }) =>
      client.setBudget(path.agent, withoutUndefined({ turn: turn && withoutUndefined(turn), agent: agent && withoutUndefined(agent) }), withoutUndefined({ ...query, commandId: id, signal })),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/cost',
    operation: 'cost',
    summary: 'Tokens, latency of the model and cost, by turn and by model.',
    scope: 'agents:read',
    methods: ['cost'],
    query: z.strictObject({ turns: numeric(z.int().min(1).max(1_000)).optional().describe('the latest turns that are listed; default 20') }),
    answer: costReport,
    errors: agentErrors,
    handle: ({ client, path, query }) => client.cost(path.agent, withoutUndefined(query)),
  }),
]
